using Npgsql;
using Safeguarding.Contracts.Matches;
using Safeguarding.Matching.Domain.Reviews;

namespace Safeguarding.Matching.Storage;

/// <summary>What people decided, a batch at a time.</summary>
internal static class VerdictRows
{
    public static void Select(NpgsqlBatch batch, Guid[] encounters) =>
        batch.Add(
            "SELECT encounter_id, plan_id, council_code, verdict, role, patient FROM matching.verdict WHERE "
                + "encounter_id = ANY($1)",
            encounters
        );

    /// <summary>
    /// What was decided of the same patients at other encounters, the newest first, and still holds: the
    /// plan's facts are as they were.
    /// </summary>
    public static void SelectRemembered(NpgsqlBatch batch, long[] patients) =>
        batch.Add(
            """
            SELECT encounter_id, plan_id, verdict.council_code, verdict, role, patient FROM matching.verdict
                JOIN matching.plan USING (plan_id)
            WHERE patient = ANY($1) AND verdict IN ('SameChild', 'NotThisChild') AND known_since < decided_at
                ORDER BY decided_at DESC
            """,
            patients
        );

    public static Verdict Read(NpgsqlDataReader row) =>
        new(
            row.GetGuid(0),
            row.GetGuid(1),
            row.GetString(2),
            Enum.Parse<ReviewVerdict>(row.GetString(3)),
            Enum.Parse<MatchRole>(row.GetString(4)),
            row.Nullable<long>(5)
        );
}
