using Safeguarding.Matching.Domain.Decisions;

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
        CouncilMatchRows.Select(batch, encounters);
        ReviewRows.Select(batch, encounters, locked);
        VerdictRows.Select(batch, encounters);
        VerdictRows.SelectRemembered(batch, patients);
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
        var matches = await reader.ReadAsync(CouncilMatchRows.Read, cancellationToken);
        var reviews = await ReviewRows.ReadAsync(reader, encounters, cancellationToken);
        var verdicts = await reader.ReadAsync(VerdictRows.Read, cancellationToken);
        var remembered = await reader.ReadAsync(VerdictRows.Read, cancellationToken);
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
}
