using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Safeguarding.Hosting.Access;
using Safeguarding.PlanRegistry.Storage;

namespace Safeguarding.PlanRegistry.BreakGlass;

/// <param name="Uses">Those that wait to be judged oldest first; those that were judged newest first.</param>
/// <param name="More">Whether there are more.</param>
internal sealed record BreakGlassPage(IReadOnlyList<BreakGlassView> Uses, bool More);

/// <summary>A privacy officer reads the organisation's uses of break-glass.</summary>
internal static class ListBreakGlass
{
    private const int APage = 100;

    public static async Task<Results<Ok<BreakGlassPage>, ProblemHttpResult>> Handle(
        string? state,
        Caller caller,
        PlanRegistryDb db,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        if (state is not (null or "waiting" or "judged"))
        {
            const string Words = "state must be waiting or judged.";
            return Refusal.Problem(
                StatusCodes.Status400BadRequest,
                "state-unknown",
                Words,
                new FieldError("state", Words)
            );
        }

        var own = db.BreakGlassUses.AsNoTracking().Where(use => use.Organisation == caller.Organisation);
        var found = await (
            state == "judged"
                ? own.Where(use => use.Verdict != null).OrderByDescending(use => use.Id)
                : own.Where(use => use.Verdict == null).OrderBy(use => use.Id)
        )
            .Take(APage + 1)
            .ToListAsync(cancellationToken);
        var now = clock.GetUtcNow();
        return TypedResults.Ok(
            new BreakGlassPage([.. found.Take(APage).Select(use => BreakGlassView.Of(use, now))], found.Count > APage)
        );
    }
}
