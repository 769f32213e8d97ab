using Safeguarding.Matching.Encounters;
using Safeguarding.Matching.Plans;
using Safeguarding.Matching.Reviews;
using Safeguarding.Matching.Storage;

namespace Safeguarding.Matching.Decisions;

/// <summary>What holds at present for a batch of locked encounters.</summary>
internal sealed class Present
{
    private readonly ILookup<Guid, CouncilMatch> _matches;
    private readonly ILookup<Guid, Verdict> _verdicts;
    private readonly ILookup<long, Verdict> _remembered;
    private readonly Dictionary<Guid, Encounter> _kept;

    private Present(
        ILookup<Guid, CouncilMatch> matches,
        BatchReviews reviews,
        ILookup<Guid, Verdict> verdicts,
        ILookup<long, Verdict> remembered,
        Dictionary<Guid, Encounter> kept,
        Dictionary<Guid, StoredPlan> plans
    ) =>
        (_matches, Reviews, _verdicts, _remembered, _kept, Plans) = (
            matches,
            reviews,
            verdicts,
            remembered,
            kept,
            plans
        );

    /// <summary>The plans that matches, reviews and verdicts speak of, as they now are.</summary>
    public IReadOnlyDictionary<Guid, StoredPlan> Plans { get; }

    public IEnumerable<CouncilMatch> MatchesOf(Guid encounter) => _matches[encounter];

    public BatchReviews Reviews { get; }

    /// <summary>What people decided of the same patient at other encounters, of plans not decided on here.</summary>
    public IEnumerable<Verdict> RememberedOf(Question question) =>
        VerdictsOf(question).Where(verdict => verdict.EncounterId != question.Encounter.Id);

    /// <summary>
    /// What people decided of the encounter and, where they decided nothing of a plan here, of the same
    /// patient elsewhere.
    /// </summary>
    public List<Verdict> VerdictsOf(Question question)
    {
        var verdicts = _verdicts[question.Encounter.Id].ToList();
        foreach (var known in question.Patient?.Signatures.SelectMany(signature => _remembered[signature]) ?? [])
        {
            if (!verdicts.Exists(verdict => verdict.PlanId == known.PlanId))
                verdicts.Add(known);
        }

        return verdicts;
    }

    /// <summary>The encounter as councils were last told of it.</summary>
    public Encounter? KeptOf(Guid encounter) => _kept.GetValueOrDefault(encounter);

    /// <param name="db">The database.</param>
    /// <param name="questions">The encounters.</param>
    /// <param name="locked">MACs of patients whose open questions are read too: nobody else changes them.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<Present> OfAsync(
        MatchingDb db,
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
        CouncilMatch.Select(batch, encounters);
        BatchReviews.Select(batch, encounters, locked);
        Verdict.Select(batch, encounters);
        Verdict.SelectRemembered(batch, patients);
        batch.SelectKept(encounters);
        batch.Add(
            $"""
            SELECT {StoredPlan.Columns} FROM matching.plan WHERE kind IS NOT NULL AND plan_id IN (
                SELECT unnest(plan_ids) FROM matching.council_match WHERE encounter_id = ANY($1)
                UNION SELECT unnest(plan_ids) FROM matching.review WHERE review_id IN (
                    SELECT review_id FROM matching.review_member WHERE encounter_id = ANY($1))
                UNION SELECT plan_id FROM matching.verdict WHERE encounter_id = ANY($1) OR patient = ANY($2))
            """,
            encounters,
            patients
        );
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var matches = await reader.ReadAsync(CouncilMatch.Read, cancellationToken);
        var reviews = await BatchReviews.ReadAsync(reader, encounters, cancellationToken);
        var verdicts = await reader.ReadAsync(Verdict.Read, cancellationToken);
        var remembered = await reader.ReadAsync(Verdict.Read, cancellationToken);
        var kept = await reader.ReadAsync(EncounterRows.Read, cancellationToken);
        var plans = await reader.ReadAsync(row => StoredPlan.Read(row, 0), cancellationToken);
        return new(
            matches.ToLookup(match => match.EncounterId),
            reviews,
            verdicts.ToLookup(verdict => verdict.EncounterId),
            remembered.ToLookup(verdict => verdict.Patient!.Value),
            kept.ToDictionary(encounter => encounter.Id),
            plans.ToDictionary(plan => plan.Id)
        );
    }
}
