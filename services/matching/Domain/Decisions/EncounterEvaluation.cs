using Safeguarding.Matching.Domain.Encounters;
using Safeguarding.Matching.Domain.Keys;
using Safeguarding.Matching.Domain.Plans;
using Safeguarding.Matching.Domain.Reviews;
using Safeguarding.Matching.Rules;
using Safeguarding.Matching.Rules.Model;

namespace Safeguarding.Matching.Domain.Decisions;

/// <summary>What the rules say of one encounter, before anything is done about it.</summary>
/// <param name="Candidates">Who may be the patient; null where nobody is looked for.</param>
/// <param name="Decision">Null where nobody is looked for.</param>
/// <param name="Plans">The plans that it speaks of.</param>
/// <param name="Parts">By council.</param>
internal sealed record EncounterEvaluation(
    IReadOnlyList<Candidate>? Candidates,
    Decision? Decision,
    Dictionary<Guid, StoredPlan> Plans,
    Dictionary<string, CouncilPart> Parts
)
{
    private static readonly Dictionary<Guid, StoredPlan> NoPlans = [];

    /// <param name="question">The encounter.</param>
    /// <param name="found">The plans found; null where nothing is looked for.</param>
    /// <param name="names">How common names are.</param>
    /// <param name="parameters">The rules.</param>
    /// <param name="present">What holds at present.</param>
    public static EncounterEvaluation Evaluate(
        Question question,
        IReadOnlyList<FoundPlan>? found,
        NameCount names,
        Parameters parameters,
        Present present
    )
    {
        var encounter = question.Encounter;
        if (found is null)
            return new(null, null, NoPlans, encounter.MayRaise ? CouncilPart.Remaining(question, present) : []);

        var plans = present.Plans.ToDictionary();
        foreach (var plan in found)
            plans[plan.Plan.Id] = plan.Plan;
        var candidates = found.Select(plan => plan.Candidate).ToList();
        var decision = Decide.From(
            question.Patient!.Person,
            candidates,
            names.Raise(parameters, question.Patient.Names)
        );
        return new(
            candidates,
            decision,
            plans,
            CouncilPart.ByCouncil(encounter, decision, plans, present.VerdictsOf(question))
        );
    }
}

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

    /// <summary>The encounter as councils were last notified of it.</summary>
    public Encounter? KeptOf(Guid encounter) => kept.GetValueOrDefault(encounter);
}
