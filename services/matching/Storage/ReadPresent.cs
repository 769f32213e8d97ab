using Npgsql;
using Safeguarding.Contracts.Matches;
using Safeguarding.Matching.Domain.Decisions;
using Safeguarding.Matching.Domain.Encounters;
using Safeguarding.Matching.Domain.Reviews;
using Safeguarding.Messaging.Storage;

namespace Safeguarding.Matching.Storage;

/// <summary>Gathers what a batch is decided on, in one round trip.</summary>
internal static class ReadPresent
{
    /// <param name="db">The database.</param>
    /// <param name="questions">The encounters.</param>
    /// <param name="locked">MACs of patients whose open questions are read too: nobody else changes them.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<Present> ReadPresentAsync(
        this MatchingDb db,
        IReadOnlyList<Question> questions,
        long[] locked,
        CancellationToken cancellationToken
    )
    {
        var encounters = questions
            .Where(question => !question.FirstHeardOf)
            .Select(question => question.Encounter.Id)
            .ToArray();
        var patients = questions.SelectMany(question => question.Patient?.Signatures ?? []).ToArray();
        await using var batch = db.Batch();
        SelectMatches(batch, encounters);
        ReviewRows.Select(batch, encounters, locked);
        SelectVerdicts(batch, encounters);
        SelectRemembered(batch, patients);
        batch.SelectKept(encounters);
        batch.Add(
            $"""
            SELECT {PlanRows.Columns} FROM matching.plan WHERE kind IS NOT NULL AND plan_id IN (
                SELECT unnest(plan_ids) FROM matching.council_match WHERE encounter_id = ANY($1)
                UNION SELECT unnest(plan_ids) FROM matching.review WHERE review_id IN (
                    SELECT review_id FROM matching.review_member WHERE encounter_id = ANY($1))
                UNION SELECT plan_id FROM matching.verdict WHERE encounter_id = ANY($1) OR patient = ANY($2))
            """,
            encounters,
            patients
        );
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var matches = await reader.ReadAsync(ReadMatch, cancellationToken);
        var reviews = await ReviewRows.ReadAsync(reader, encounters, cancellationToken);
        var verdicts = await reader.ReadAsync(ReadVerdict, cancellationToken);
        var remembered = await reader.ReadAsync(ReadVerdict, cancellationToken);
        var kept = await reader.ReadAsync(EncounterRows.Read, cancellationToken);
        var plans = await reader.ReadAsync(row => PlanRows.Read(row, 0), cancellationToken);
        return new Present(
            matches.ToLookup(match => match.EncounterId),
            reviews,
            verdicts.ToLookup(verdict => verdict.EncounterId),
            remembered.ToLookup(verdict => verdict.Patient!.Value),
            kept.ToDictionary(encounter => encounter.Id),
            plans.ToDictionary(plan => plan.Id)
        );
    }

    private static void SelectMatches(NpgsqlBatch batch, Guid[] encounters) =>
        batch.Add(
            """
            SELECT encounter_id, council_code, version, matched, plan_ids, plans, certainty, rule_version, late
            FROM matching.council_match WHERE encounter_id = ANY($1)
            """,
            encounters
        );

    private static CouncilMatch ReadMatch(NpgsqlDataReader row) =>
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

    private static void SelectVerdicts(NpgsqlBatch batch, Guid[] encounters) =>
        batch.Add(
            "SELECT encounter_id, plan_id, council_code, verdict, role, patient FROM matching.verdict WHERE "
                + "encounter_id = ANY($1)",
            encounters
        );

    /// <summary>
    /// What was decided of the same patients at other encounters, the newest first, and still holds: the
    /// plan's facts are as they were.
    /// </summary>
    private static void SelectRemembered(NpgsqlBatch batch, long[] patients) =>
        batch.Add(
            """
            SELECT encounter_id, plan_id, verdict.council_code, verdict, role, patient FROM matching.verdict
                JOIN matching.plan USING (plan_id)
            WHERE patient = ANY($1) AND verdict IN ('SameChild', 'NotThisChild') AND known_since < decided_at
                ORDER BY decided_at DESC
            """,
            patients
        );

    private static Verdict ReadVerdict(NpgsqlDataReader row) =>
        new(
            row.GetGuid(0),
            row.GetGuid(1),
            row.GetString(2),
            Enum.Parse<ReviewVerdict>(row.GetString(3)),
            Enum.Parse<MatchRole>(row.GetString(4)),
            row.Nullable<long>(5)
        );
}
