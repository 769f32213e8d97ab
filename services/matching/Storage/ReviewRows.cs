using Npgsql;
using Safeguarding.Matching.Domain.Reviews;
using Safeguarding.Messaging.Storage;

namespace Safeguarding.Matching.Storage;

/// <summary>Questions and the encounters they are about, a batch at a time.</summary>
internal static class ReviewRows
{
    public const string Columns =
        "review_id, encounter_id, council_code, version, state, plan_ids, evidence, posterior, rule_version, "
        + "raised_at, closed_at, patient";

    private const string Ids = """
        SELECT review_id FROM matching.review_member WHERE encounter_id = ANY($1)
        UNION SELECT review_id FROM matching.review WHERE state = 'open' AND patient = ANY($2)
        """;

    public static void Select(NpgsqlBatch batch, Guid[] encounters, long[] patients)
    {
        batch.Add($"SELECT {Columns} FROM matching.review WHERE review_id IN ({Ids})", encounters, patients);
        batch.Add(
            $"""
            SELECT review_id, encounter_id, council_code FROM matching.review_member WHERE review_id IN ({Ids})
            ORDER BY joined_at, encounter_id
            """,
            encounters,
            patients
        );
    }

    public static async Task<BatchReviews> ReadAsync(
        NpgsqlDataReader reader,
        IEnumerable<Guid> encounters,
        CancellationToken cancellationToken
    )
    {
        var reviews = await reader.ReadAsync(Read, cancellationToken);
        var members = await reader.ReadAsync(
            row => (Review: row.GetGuid(0), Encounter: row.GetGuid(1), Council: row.GetString(2)),
            cancellationToken
        );
        return new(encounters, reviews, members);
    }

    public static Review Read(NpgsqlDataReader row) =>
        new()
        {
            ReviewId = row.GetGuid(0),
            EncounterId = row.GetGuid(1),
            CouncilCode = row.GetString(2),
            Version = row.GetInt64(3),
            State = Enum.Parse<ReviewState>(row.GetString(4), ignoreCase: true),
            PlanIds = row.GetFieldValue<Guid[]>(5),
            Evidence = row.GetString(6),
            Posterior = row.GetDouble(7),
            RuleVersion = row.GetString(8),
            RaisedAt = row.GetFieldValue<DateTimeOffset>(9),
            ClosedAt = row.Nullable<DateTimeOffset>(10),
            Patient = row.Nullable<long>(11),
        };
}
