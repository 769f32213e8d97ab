using Npgsql;
using Safeguarding.Matching.Domain.Decisions;

namespace Safeguarding.Matching.Storage;

/// <summary>What councils were last sent, a batch at a time.</summary>
internal static class CouncilMatchRows
{
    public static void Select(NpgsqlBatch batch, Guid[] encounters) =>
        batch.Add(
            """
            SELECT encounter_id, council_code, version, matched, plan_ids, plans, certainty, rule_version, late
            FROM matching.council_match WHERE encounter_id = ANY($1)
            """,
            encounters
        );

    public static CouncilMatch Read(NpgsqlDataReader row) =>
        new()
        {
            EncounterId = row.GetGuid(0),
            CouncilCode = row.GetString(1),
            Version = row.GetInt64(2),
            Matched = row.GetBoolean(3),
            PlanIds = row.GetFieldValue<Guid[]>(4),
            Plans = row.GetString(5),
            Certainty = row.GetDouble(6),
            RuleVersion = row.GetString(7),
            Late = row.GetBoolean(8),
        };
}
