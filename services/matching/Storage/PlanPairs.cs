using Safeguarding.Contracts.Plans;
using Safeguarding.Messaging.Storage;

namespace Safeguarding.Matching.Storage;

/// <summary>Pairs of plans of one child, of two councils: each sent once, whichever of the two changes.</summary>
internal static class PlanPairs
{
    /// <returns>The ids of those that were not there.</returns>
    public static async Task<HashSet<Guid>> AddPairsAsync(
        this MatchingDb db,
        IReadOnlyList<ChildRegisteredAgain> pairs,
        CancellationToken cancellationToken
    )
    {
        await using var batch = db.Batch();
        batch.Add(
            """
            INSERT INTO matching.plan_pair (pair_id, registered_plan_id, held_plan_id, registered_by, registered_at)
            SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::timestamptz[])
            ON CONFLICT DO NOTHING RETURNING pair_id
            """,
            pairs.Select(pair => pair.PairId).ToArray(),
            pairs.Select(pair => pair.Registered.PlanId).ToArray(),
            pairs.Select(pair => pair.Held.PlanId).ToArray(),
            pairs.Select(pair => pair.Registered.CouncilCode).ToArray(),
            pairs.Select(pair => pair.RegisteredAt).ToArray()
        );
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        return [.. await reader.ReadAsync(row => row.GetGuid(0), cancellationToken)];
    }
}
