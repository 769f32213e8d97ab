using Microsoft.EntityFrameworkCore;
using Npgsql;
using Safeguarding.Contracts.Plans;
using Safeguarding.Matching.Domain.Plans;
using Safeguarding.Messaging.Storage;

namespace Safeguarding.Matching.Storage;

/// <summary>The plans' rows without their subjects.</summary>
internal static class PlanRows
{
    public const string Columns =
        "plan_id, council_code, reference, kind, start_date, end_date, expected_date, deleted, known_since, restricted";

    /// <summary>Those of the plans that belong to one of the councils.</summary>
    public static async Task<Dictionary<Guid, StoredPlan>> PlansOfAsync(
        this MatchingDb db,
        string[] councils,
        Guid[] plans,
        CancellationToken cancellationToken
    )
    {
        await db.Database.OpenConnectionAsync(cancellationToken);
        await using var batch = db.Batch();
        batch.Add(
            $"SELECT {Columns} FROM matching.plan WHERE plan_id = ANY($1) AND council_code = ANY($2) AND "
                + "kind IS NOT NULL",
            plans,
            councils
        );
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        return (await reader.ReadAsync(row => Read(row, 0), cancellationToken)).ToDictionary(plan => plan.Id);
    }

    // By what was decided at any time; the retention window is over for some of them.
    public static void SelectDecided(NpgsqlBatch batch, Guid[] plans) =>
        batch.Add(
            """
            SELECT encounter_id, plan_id FROM matching.council_match CROSS JOIN unnest(plan_ids) AS plan_id
                WHERE plan_ids && $1 AND plan_id = ANY($1)
            UNION SELECT member.encounter_id, plan_id FROM matching.review CROSS JOIN unnest(plan_ids) AS plan_id
                JOIN matching.review_member AS member USING (review_id)
                WHERE plan_ids && $1 AND plan_id = ANY($1)
            UNION SELECT encounter_id, plan_id FROM matching.verdict WHERE plan_id = ANY($1)
            """,
            plans
        );

    public static StoredPlan Read(NpgsqlDataReader row, int at) =>
        new(
            row.GetGuid(at),
            row.GetString(at + 1),
            row.GetString(at + 2),
            Enum.Parse<PlanKind>(row.GetString(at + 3)),
            row.GetFieldValue<DateOnly>(at + 4),
            row.Nullable<DateOnly>(at + 5),
            row.Nullable<DateOnly>(at + 6),
            row.GetBoolean(at + 7),
            row.GetFieldValue<DateTimeOffset>(at + 8),
            row.GetBoolean(at + 9)
        );
}
