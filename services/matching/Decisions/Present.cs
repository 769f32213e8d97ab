using Safeguarding.Matching.Encounters;
using Safeguarding.Matching.Plans;
using Safeguarding.Matching.Reviews;
using Safeguarding.Matching.Storage;

namespace Safeguarding.Matching.Decisions;

/// <summary>What holds at present for a batch of locked encounters.</summary>
internal sealed class Present
{
    private readonly ILookup<Guid, CouncilMatch> _matches;
    private readonly ILookup<Guid, Review> _reviews;
    private readonly ILookup<Guid, Verdict> _verdicts;
    private readonly ILookup<long, Verdict> _remembered;
    private readonly Dictionary<Guid, Encounter> _kept;

    private Present(
        ILookup<Guid, CouncilMatch> matches,
        ILookup<Guid, Review> reviews,
        ILookup<Guid, Verdict> verdicts,
        ILookup<long, Verdict> remembered,
        Dictionary<Guid, Encounter> kept,
        Dictionary<Guid, StoredPlan> plans
    ) =>
        (_matches, _reviews, _verdicts, _remembered, _kept, Plans) = (
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

    public IEnumerable<Review> ReviewsOf(Guid encounter) => _reviews[encounter];

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

    public static async Task<Present> OfAsync(
        MatchingDb db,
        IReadOnlyList<Question> questions,
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
        Review.Select(batch, encounters);
        Verdict.Select(batch, encounters);
        Verdict.SelectRemembered(batch, patients);
        batch.SelectKept(encounters);
        batch.Add(
            $"""
            SELECT {StoredPlan.Columns} FROM matching.plan WHERE kind IS NOT NULL AND plan_id IN (
                SELECT unnest(plan_ids) FROM matching.council_match WHERE encounter_id = ANY($1)
                UNION SELECT unnest(plan_ids) FROM matching.review WHERE encounter_id = ANY($1)
                UNION SELECT plan_id FROM matching.verdict WHERE encounter_id = ANY($1) OR patient = ANY($2))
            """,
            encounters,
            patients
        );
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var matches = await reader.ReadAsync(CouncilMatch.Read, cancellationToken);
        var reviews = await reader.ReadAsync(Review.Read, cancellationToken);
        var verdicts = await reader.ReadAsync(Verdict.Read, cancellationToken);
        var remembered = await reader.ReadAsync(Verdict.Read, cancellationToken);
        var kept = await reader.ReadAsync(EncounterRows.Read, cancellationToken);
        var plans = await reader.ReadAsync(row => StoredPlan.Read(row, 0), cancellationToken);
        return new(
            matches.ToLookup(match => match.EncounterId),
            reviews.ToLookup(review => review.EncounterId),
            verdicts.ToLookup(verdict => verdict.EncounterId),
            remembered.ToLookup(verdict => verdict.Patient!.Value),
            kept.ToDictionary(encounter => encounter.Id),
            plans.ToDictionary(plan => plan.Id)
        );
    }
}
