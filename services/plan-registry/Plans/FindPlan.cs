using Microsoft.EntityFrameworkCore;
using Safeguarding.PlanRegistry.Domain.Plans;
using Safeguarding.PlanRegistry.Storage;

namespace Safeguarding.PlanRegistry.Plans;

/// <summary>Finds plans, always within one council.</summary>
internal static class FindPlan
{
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
