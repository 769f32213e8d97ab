using Npgsql;

namespace Safeguarding.Matching.Storage;

/// <summary>Encounters whose patient is, or may be, a child that a council has restricted.</summary>
internal static class RestrictedEncounters
{
    public static void SelectRestricted(this NpgsqlBatch batch, Guid[] encounters) =>
        batch.Add(
            """
            SELECT encounter_id FROM matching.council_match JOIN matching.plan ON plan_id = ANY(plan_ids)
                WHERE encounter_id = ANY($1) AND restricted
            UNION SELECT review_member.encounter_id FROM matching.review_member JOIN matching.review USING (review_id)
                JOIN matching.plan ON plan_id = ANY(plan_ids)
                WHERE review_member.encounter_id = ANY($1) AND restricted
            """,
            encounters
        );

    public static async Task<HashSet<Guid>> ReadRestrictedAsync(
        this NpgsqlDataReader reader,
        CancellationToken cancellationToken
    ) => [.. await reader.ReadAsync(row => row.GetGuid(0), cancellationToken)];
}
