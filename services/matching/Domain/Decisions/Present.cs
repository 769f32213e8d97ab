using Safeguarding.Matching.Domain.Encounters;
using Safeguarding.Matching.Domain.Plans;
using Safeguarding.Matching.Domain.Reviews;

namespace Safeguarding.Matching.Domain.Decisions;

/// <summary>What holds at present for a batch of locked encounters.</summary>
internal sealed class Present(
    ILookup<Guid, CouncilMatch> matches,
    BatchReviews reviews,
    ILookup<Guid, Verdict> verdicts,
    ILookup<long, Verdict> remembered,
    IReadOnlyDictionary<Guid, Encounter> kept,
    IReadOnlyDictionary<Guid, StoredPlan> plans
)
{
    /// <summary>The plans that matches, reviews and verdicts speak of, as they now are.</summary>
    public IReadOnlyDictionary<Guid, StoredPlan> Plans => plans;

    public IEnumerable<CouncilMatch> MatchesOf(Guid encounter) => matches[encounter];

    public BatchReviews Reviews => reviews;

    /// <summary>What people decided of the same patient at other encounters, of plans not decided on here.</summary>
    public IEnumerable<Verdict> RememberedOf(Question question) =>
        VerdictsOf(question).Where(verdict => verdict.EncounterId != question.Encounter.Id);

    /// <summary>
    /// What people decided of the encounter and, where they decided nothing of a plan here, of the same
    /// patient elsewhere.
    /// </summary>
    public List<Verdict> VerdictsOf(Question question)
    {
        var decided = verdicts[question.Encounter.Id].ToList();
        foreach (var known in question.Patient?.Signatures.SelectMany(signature => remembered[signature]) ?? [])
        {
            if (!decided.Exists(verdict => verdict.PlanId == known.PlanId))
                decided.Add(known);
        }

        return decided;
    }

    /// <summary>The encounter as councils were last told of it.</summary>
    public Encounter? KeptOf(Guid encounter) => kept.GetValueOrDefault(encounter);
}
