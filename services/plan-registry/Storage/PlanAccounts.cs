using Safeguarding.Contracts.Plans;
using Safeguarding.Operations.Accounts;

namespace Safeguarding.PlanRegistry.Storage;

/// <summary>What this service reports to <c>./hub prove</c>: every plan in its newest version.</summary>
internal static class PlanAccounts
{
    public static AccountSet Set { get; } =
        new(
            "plans",
            """
            SELECT id, council_code AS council, version, deleted_at IS NULL AS stands, CASE
                WHEN deleted_at IS NULL THEN 'held' ELSE 'deleted' END AS state
            FROM plan_registry.plan WHERE id >= @low AND id < @high
            """,
            "planId",
            typeof(PlanRegistered),
            typeof(PlanAmended),
            typeof(PlanEnded),
            typeof(PlanDeleted)
        );
}
