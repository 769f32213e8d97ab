using Microsoft.EntityFrameworkCore;
using Safeguarding.PlanRegistry.Domain.Plans;
using Safeguarding.PlanRegistry.Storage;

namespace Safeguarding.PlanRegistry.Plans;

/// <summary>Finds plans: within one council but for look-ups.</summary>
internal static class FindPlan
{
    /// <summary>Those of all councils that may be shown: they run, or ended in the last 12 months.</summary>
    public static IQueryable<Plan> Shown(this PlanRegistryDb db, DateOnly today)
    {
        var earliest = Plan.EarliestShownEnd(today);
        return db
            .Plans.AsNoTracking()
            .Where(plan => plan.DeletedAt == null && (plan.EndDate == null || plan.EndDate >= earliest));
    }

    public static Task<Plan?> ByReferenceAsync(
        this PlanRegistryDb db,
        string councilCode,
        string reference,
        CancellationToken cancellationToken
    ) =>
        db.Plans.SingleOrDefaultAsync(
            plan => plan.CouncilCode == councilCode && plan.Reference == reference && plan.DeletedAt == null,
            cancellationToken
        );

    public static Task<bool> WasDeletedAsync(
        this PlanRegistryDb db,
        string councilCode,
        string reference,
        CancellationToken cancellationToken
    ) =>
        db.Plans.AnyAsync(
            plan => plan.CouncilCode == councilCode && plan.Reference == reference && plan.DeletedAt != null,
            cancellationToken
        );

    /// <summary>A reference as it stood in the URL, where a slash must be written %2F and stays so.</summary>
    public static string FromUrl(string reference) => reference.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
}
