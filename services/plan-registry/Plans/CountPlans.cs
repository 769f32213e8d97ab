using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Safeguarding.Contracts.Plans;
using Safeguarding.Hosting.Access;
using Safeguarding.Hosting.Privacy;
using Safeguarding.PlanRegistry.Domain.Uploads;
using Safeguarding.PlanRegistry.Storage;

namespace Safeguarding.PlanRegistry.Plans;

/// <summary>How many plans of each kind run, and how fresh the register is, without showing one of them.</summary>
internal static class CountPlans
{
    public static async Task<Ok<Count>> Handle(Caller caller, PlanRegistryDb db, CancellationToken cancellationToken)
    {
        var running = await db
            .Plans.AsNoTracking()
            .Where(plan => plan.CouncilCode == caller.Organisation && plan.DeletedAt == null && plan.EndDate == null)
            .GroupBy(plan => plan.Kind)
            .Select(kind => new { kind.Key, Plans = kind.Count() })
            .ToDictionaryAsync(kind => kind.Key, kind => kind.Plans, cancellationToken);
        var changed = await db
            .Plans.AsNoTracking()
            .Where(plan => plan.CouncilCode == caller.Organisation)
            .MaxAsync(plan => (DateTimeOffset?)plan.ChangedAt, cancellationToken);
        var upload = await db
            .Uploads.AsNoTracking()
            .Where(upload =>
                upload.CouncilCode == caller.Organisation && !upload.DryRun && upload.State == UploadState.Completed
            )
            .OrderByDescending(upload => upload.Id)
            .Select(upload => new { upload.ReceivedAt, upload.Refused })
            .FirstOrDefaultAsync(cancellationToken);
        return TypedResults.Ok(
            new Count(
                Of(PlanKind.ChildProtection),
                Of(PlanKind.LookedAfter),
                Of(PlanKind.Unborn),
                changed,
                upload?.ReceivedAt,
                upload?.Refused
            )
        );

        int? Of(PlanKind kind) => SmallNumbers.Hide(running.GetValueOrDefault(kind));
    }

    /// <param name="ChildProtection">Running plans; absent where they are 1 to 4, as are the next two.</param>
    /// <param name="LookedAfter">Likewise.</param>
    /// <param name="Unborn">Likewise.</param>
    /// <param name="ChangedAt">When a plan changed last; absent where there never was one.</param>
    /// <param name="UploadedAt">When the last upload that was applied came; absent where there was none.</param>
    /// <param name="RefusedLines">How many of its lines were refused.</param>
    internal sealed record Count(
        int? ChildProtection,
        int? LookedAfter,
        int? Unborn,
        DateTimeOffset? ChangedAt,
        DateTimeOffset? UploadedAt,
        int? RefusedLines
    );
}
