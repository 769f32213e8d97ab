using Safeguarding.Contracts.Matches;
using Safeguarding.Matching.Domain.Encounters;
using Safeguarding.Matching.Domain.Plans;
using Safeguarding.Matching.Domain.Reviews;
using Safeguarding.Matching.Rules;

namespace Safeguarding.Matching.Domain.Decisions;

/// <summary>What a decision means for one council: its own plans only.</summary>
internal sealed class CouncilPart(string councilCode)
{
    private readonly Dictionary<Guid, (StoredPlan Plan, MatchRole Role)> _matched = [];
    private readonly Dictionary<Guid, (StoredPlan Plan, MatchRole Role)> _inQuestion = [];

    // The council whose restricted plan the hub had first, where that is another.
    private string? _withheldBy;

    public string CouncilCode { get; } = councilCode;

    /// <summary>The persons that have plans of this council, with those plans only.</summary>
    public List<PersonDecision> Persons { get; } = [];

    /// <summary>Posterior of the likeliest person matched; 1 where a person decided.</summary>
    public double Certainty { get; private set; }

    /// <summary>True where a person of the council decided of a plan that matched.</summary>
    public bool ByReviewer { get; private set; }

    /// <summary>Posterior of the likeliest person in question.</summary>
    public double Posterior { get; private set; }

    public bool IsMatched => _matched.Count > 0;

    public Guid[] InQuestion => [.. _inQuestion.Keys.Order()];

    /// <summary>The plans to name, in a fixed order.</summary>
    public List<MatchedPlan> Plans =>
        [
            .. _matched
                .Values.OrderBy(match => match.Plan.Reference, StringComparer.Ordinal)
                .ThenBy(match => match.Plan.Id)
                .Select(match => new MatchedPlan(
                    match.Plan.Id,
                    match.Plan.Reference,
                    match.Plan.Kind,
                    match.Role,
                    RestrictionOf(match.Plan),
                    _withheldBy
                )),
        ];

    /// <summary>
    /// Where the patient is, is another council's to give: that has restricted its plan of, perhaps, the same child.
    /// </summary>
    public bool IsWithheld => _withheldBy is not null;

    /// <summary>Whether a plan that it names is restricted, by whomever.</summary>
    public bool IsRestricted => IsWithheld || _matched.Values.Any(match => match.Plan.Restricted);

    /// <summary>Whether it is asked about a child who may be restricted, by whomever.</summary>
    public bool AsksOfRestricted => IsWithheld || _inQuestion.Values.Any(asked => asked.Plan.Restricted);

    /// <summary>The persons whose plans matched.</summary>
    public IEnumerable<PersonDecision> MatchedPersons =>
        Persons.Where(person => person.Plans.Any(plan => _matched.ContainsKey(plan.PlanId)));

    public bool IsLate(Encounter encounter) =>
        _matched.Values.All(match => match.Plan.KnownSince > encounter.ReceivedAt);

    /// <summary>Whether what is stored of a person came after the encounter, so that it may be a guess.</summary>
    public bool IsLate(PersonDecision person, Encounter encounter) =>
        person.Plans.Any(plan =>
            _matched.TryGetValue(plan.PlanId, out var match) && match.Plan.KnownSince > encounter.ReceivedAt
        );

    public DecisionOutcome Outcome =>
        IsMatched ? DecisionOutcome.Matched
        : _inQuestion.Count > 0 ? DecisionOutcome.NeedsReview
        : Persons.Count > 0 ? DecisionOutcome.NotInForce
        : DecisionOutcome.NoMatch;

    /// <summary>The parts of the councils concerned.</summary>
    public static Dictionary<string, CouncilPart> ByCouncil(
        Encounter encounter,
        Decision decision,
        IReadOnlyDictionary<Guid, StoredPlan> plans,
        IReadOnlyCollection<Verdict> verdicts
    )
    {
        var parts = new Dictionary<string, CouncilPart>(StringComparer.Ordinal);
        foreach (var person in decision.Persons.Where(person => person.Outcome is not MatchOutcome.NoMatch))
        {
            var part = PartOf(parts, person.Plans[0].CouncilCode);
            part.Persons.Add(person);
            foreach (var plan in person.Plans.Where(plan => plans[plan.PlanId].IsInForceOn(encounter.Day)))
            {
                part.Take(
                    plans[plan.PlanId],
                    plan.Role,
                    person.Outcome,
                    verdicts.FirstOrDefault(verdict => verdict.PlanId == plan.PlanId)
                );
            }
        }

        AddConfirmed(parts, encounter, plans, verdicts);
        return parts;
    }

    /// <summary>
    /// The parts that remain once the traits are deleted: of what was decided, what has not dropped
    /// out.
    /// </summary>
    public static Dictionary<string, CouncilPart> Remaining(Question question, Present present)
    {
        var encounter = question.Encounter;
        var parts = new Dictionary<string, CouncilPart>(StringComparer.Ordinal);
        foreach (var match in present.MatchesOf(encounter.Id))
        {
            var part = PartOf(parts, match.CouncilCode);
            part.Certainty = match.Certainty;
            foreach (
                var notified in match.MatchedPlans.Where(notified =>
                    present.Plans[notified.PlanId].IsInForceOn(encounter.Day)
                )
            )
            {
                part._matched[notified.PlanId] = (present.Plans[notified.PlanId], notified.Role);
            }
        }

        foreach (var review in present.Reviews.Get(encounter.Id).Where(review => review.State == ReviewState.Open))
        {
            var part = PartOf(parts, review.CouncilCode);
            part.Posterior = review.Posterior;
            foreach (
                var plan in review
                    .PlanIds.Select(id => present.Plans[id])
                    .Where(plan => plan.IsInForceOn(encounter.Day))
            )
            {
                // Taken back by its reviewer: asked, and notified no longer.
                part._matched.Remove(plan.Id);
                part._inQuestion[plan.Id] = (plan, plan.Role);
            }
        }

        AddConfirmed(parts, encounter, present.Plans, present.VerdictsOf(question));
        return parts;
    }

    /// <summary>
    /// Of several councils with a restricted plan the one whose plan the hub had first keeps where the patient is: the
    /// others, and those that have restricted nothing, could have registered the child to learn it. A question is
    /// enough, since it may be the child.
    /// </summary>
    public static void Withhold(IReadOnlyCollection<CouncilPart> parts)
    {
        var first = parts
            .SelectMany(part => part._matched.Values.Concat(part._inQuestion.Values))
            .Select(found => found.Plan)
            .Where(plan => plan.Restricted)
            .MinBy(plan => plan.Id);
        foreach (var part in parts)
            part._withheldBy = first?.CouncilCode == part.CouncilCode ? null : first?.CouncilCode;
    }

    private PlanRestriction RestrictionOf(StoredPlan plan) =>
        IsWithheld ? PlanRestriction.ByAnotherCouncil
        : plan.Restricted ? PlanRestriction.ByCouncil
        : PlanRestriction.None;

    // What a person decided stands, whatever the rules say now.
    private static void AddConfirmed(
        Dictionary<string, CouncilPart> parts,
        Encounter encounter,
        IReadOnlyDictionary<Guid, StoredPlan> plans,
        IReadOnlyCollection<Verdict> verdicts
    )
    {
        foreach (var verdict in verdicts.Where(verdict => verdict.Decided == ReviewVerdict.SameChild))
        {
            if (!plans.TryGetValue(verdict.PlanId, out var plan) || !plan.IsInForceOn(encounter.Day))
                continue;
            var part = PartOf(parts, plan.CouncilCode);
            part._matched[plan.Id] = (plan, verdict.Role);
            part._inQuestion.Remove(plan.Id);
            (part.Certainty, part.ByReviewer) = (1, true);
        }
    }

    private static CouncilPart PartOf(Dictionary<string, CouncilPart> parts, string council)
    {
        if (!parts.TryGetValue(council, out var part))
            parts.Add(council, part = new(council));
        return part;
    }

    private void Take(StoredPlan plan, MatchRole role, MatchOutcome outcome, Verdict? verdict)
    {
        if (verdict?.Decided == ReviewVerdict.NotThisChild)
            return;
        if (outcome is MatchOutcome.Matched)
        {
            _matched[plan.Id] = (plan, role);
            _inQuestion.Remove(plan.Id);
            Certainty = Math.Max(Certainty, outcome.Evidence.Posterior);
        }
        else if (verdict is null or { Decided: ReviewVerdict.Undone } && !_matched.ContainsKey(plan.Id))
        {
            _inQuestion[plan.Id] = (plan, role);
            Posterior = Math.Max(Posterior, outcome.Evidence.Posterior);
        }
    }
}
