using Safeguarding.Contracts.Encounters;
using Safeguarding.Contracts.Matches;
using Safeguarding.Hosting.Privacy;
using Safeguarding.Matching.Encounters;
using Safeguarding.Matching.Plans;
using Safeguarding.Matching.Reviews;
using Safeguarding.Matching.Rules;
using Safeguarding.Matching.Shadow;
using Safeguarding.Matching.Storage;

namespace Safeguarding.Matching.Decisions;

/// <summary>
/// Decides a batch of locked encounters, records the decisions and publishes what is new to each council. The number of
/// statements does not depend on the number of encounters.
/// </summary>
public sealed class DecideEncounters(
    MatchingDb db,
    Sealer sealer,
    Candidates candidates,
    Parameters parameters,
    NamesLearned learned,
    ShadowRules shadow,
    TimeProvider clock
)
{
    // Below this a person on the register is not worth a line in the ledger.
    internal const double EvidenceFloor = 0.001;
    private const int MostEvidence = 3;
    private static readonly Dictionary<Guid, StoredPlan> NoPlans = [];

    internal async Task DecideAsync(
        IReadOnlyList<Question> questions,
        Search search,
        CancellationToken cancellationToken
    )
    {
        var present = await Present.OfAsync(db, questions, cancellationToken);
        var asked = questions.Where(question => question.Encounter.MayRaise && question.Patient is not null).ToList();
        var found =
            asked.Count == 0
                ? []
                : await candidates.ForAsync(asked.ConvertAll(question => question.Patient!), search, cancellationToken);
        var foundOf = asked.Zip(found).ToDictionary(pair => pair.First.Encounter.Id, pair => pair.Second);

        var changes = new Changes(clock.GetUtcNow());
        var names = learned.Current;
        foreach (var question in questions)
            Decide(question, foundOf.GetValueOrDefault(question.Encounter.Id), names, present, changes);
        await changes.WriteAsync(db, cancellationToken);
    }

    private void Decide(
        Question question,
        IReadOnlyList<FoundPlan>? found,
        NameCount names,
        Present present,
        Changes changes
    )
    {
        var encounter = question.Encounter;
        var plans = NoPlans;
        Decision? decision = null;
        Dictionary<string, CouncilPart> parts = [];
        if (found is not null)
        {
            plans = present.Plans.ToDictionary();
            foreach (var plan in found)
                plans[plan.Plan.Id] = plan.Plan;
            decision = Rules.Decide.From(
                question.Patient!.Person,
                [.. found.Select(plan => plan.Candidate)],
                names.Raise(parameters, question.Patient.Names)
            );
            parts = CouncilPart.Of(encounter, decision, plans, present.VerdictsOf(question));
        }
        else if (encounter.MayRaise)
        {
            parts = CouncilPart.Remaining(question, present);
        }

        // What did not take place after all is a difference no longer.
        if (shadow.IsOn && (found is not null || !encounter.MayRaise))
        {
            var other = found is null
                ? null
                : shadow.Decide(
                    encounter.Id,
                    question.Patient!.Person,
                    [.. found.Select(plan => plan.Candidate)],
                    parameters => names.Raise(parameters, question.Patient.Names)
                );
            changes.Compare(encounter, decision, other, plans, present.VerdictsOf(question));
        }

        var before = changes.Entries;
        var ruleVersion = decision?.RuleVersion ?? parameters.Version;
        foreach (var match in present.MatchesOf(encounter.Id))
            parts.TryAdd(match.CouncilCode, new(match.CouncilCode));
        foreach (var review in present.ReviewsOf(encounter.Id).Where(review => review.State == ReviewState.Open))
            parts.TryAdd(review.CouncilCode, new(review.CouncilCode));
        foreach (var part in parts.Values.OrderBy(part => part.CouncilCode, StringComparer.Ordinal))
            Notify(question, part, ruleVersion, present, changes);
        if (question.NewVersion && changes.Entries == before)
            changes.Record(encounter, null, OutcomeOf(encounter), late: false, ruleVersion, Strongest(decision), null);
    }

    private void Notify(Question question, CouncilPart part, string ruleVersion, Present present, Changes changes)
    {
        var encounter = question.Encounter;
        var match = present.MatchesOf(encounter.Id).FirstOrDefault(match => match.CouncilCode == part.CouncilCode);
        var review = present.ReviewsOf(encounter.Id).FirstOrDefault(review => review.CouncilCode == part.CouncilCode);
        // Once told in time, an alert is not late because another plan came after it.
        var late = part.IsMatched && part.IsLate(encounter) && match is not { Matched: true, Late: false };
        var changed = Ask(question, part, ruleVersion, review, changes);
        string? reason = null;

        if (part.IsMatched)
        {
            var plans = part.Plans;
            if (
                match is not { Matched: true }
                || !plans.SequenceEqual(match.MatchedPlans)
                || HasNews(encounter, present.KeptOf(encounter.Id))
            )
            {
                var version = (match?.Version ?? 0) + 1;
                var why = InWords.OfMatch(part, parameters);
                db.Publish(
                    new EncounterMatched(
                        encounter.Id,
                        part.CouncilCode,
                        version,
                        plans,
                        part.Certainty,
                        ruleVersion,
                        late,
                        encounter.Status,
                        encounter.StartedAt,
                        encounter.EndedAt,
                        encounter.ReceivedAt,
                        encounter.Place,
                        encounter.Concerns,
                        why,
                        part.ByReviewer ? MatchDecider.Reviewer
                            : why is null ? null
                            : MatchDecider.Rules
                    ),
                    question.Trace
                );
                changes.Match(encounter, part, version, plans, ruleVersion, late);
                changed = true;
            }
        }
        else if (match is { Matched: true })
        {
            var why = WhyWithdrawn(question, match, present);
            reason = why.ToString();
            db.Publish(new MatchWithdrawn(encounter.Id, part.CouncilCode, match.Version + 1, why), question.Trace);
            changes.Withdraw(match, ruleVersion);
            changed = true;
        }

        var concerns = part.Outcome != DecisionOutcome.NoMatch || reason is not null;
        if (changed || (question.NewVersion && concerns))
        {
            var outcome =
                reason is not null && part.Outcome != DecisionOutcome.NeedsReview
                    ? DecisionOutcome.Withdrawn
                    : part.Outcome;
            changes.Record(encounter, part.CouncilCode, outcome, late, ruleVersion, part.Persons, reason);
        }
    }

    private bool Ask(Question question, CouncilPart part, string ruleVersion, Review? review, Changes changes)
    {
        var inQuestion = part.InQuestion;
        if (inQuestion.Length > 0)
        {
            if (
                review is { State: ReviewState.Open }
                && review.PlanIds.SequenceEqual(inQuestion)
                && review.Posterior == part.Posterior
            )
            {
                return false;
            }

            var asked = changes.Ask(question.Encounter, part, inQuestion, ruleVersion, review);
            // One that was open already and is only put another way is no news.
            if (review is not { State: ReviewState.Open })
                db.Publish(asked.ToNews(overdue: false), question.Trace);
            return true;
        }

        if (review is not { State: ReviewState.Open })
            return false;
        changes.Close(review);
        return true;
    }

    // The place is sealed anew each time, so it must be opened to be compared; that happens for matches only.
    private bool HasNews(Encounter encounter, Encounter? told) =>
        told is null
        || (
            encounter.Version > told.Version
            && (
                encounter.Status != told.Status
                || encounter.StartedAt != told.StartedAt
                || encounter.EndedAt != told.EndedAt
                || !encounter.Concerns.SequenceEqual(told.Concerns)
                || WhereOf(encounter) != WhereOf(told)
            )
        );

    // What to quote to the ward is in no alert.
    private Place WhereOf(Encounter encounter) => sealer.Open(encounter.Place) with { EncounterReference = null };

    private static WithdrawalReason WhyWithdrawn(Question question, CouncilMatch match, Present present)
    {
        var encounter = question.Encounter;
        var undone = present
            .VerdictsOf(question)
            .Where(verdict => verdict.Decided is ReviewVerdict.NotThisChild or ReviewVerdict.Undone)
            .Select(verdict => verdict.PlanId)
            .ToHashSet();
        return encounter switch
        {
            { Status: EncounterStatus.Cancelled } => WithdrawalReason.EncounterCancelled,
            { Status: EncounterStatus.EnteredInError } => WithdrawalReason.EncounterEnteredInError,
            { Unscheduled: false } => WithdrawalReason.EncounterScheduled,
            _ when match.PlanIds.All(id => present.Plans[id].Deleted) => WithdrawalReason.PlanDeleted,
            _ when match.PlanIds.All(undone.Contains) => WithdrawalReason.UndoneByReviewer,
            _ => WithdrawalReason.NoLongerMatches,
        };
    }

    private static DecisionOutcome OutcomeOf(Encounter encounter) =>
        encounter switch
        {
            { Unscheduled: false } => DecisionOutcome.Scheduled,
            { MayRaise: false } => DecisionOutcome.DidNotTakePlace,
            _ => DecisionOutcome.NoMatch,
        };

    private static List<PersonDecision> Strongest(Decision? decision) =>
        decision is null
            ? []
            :
            [
                .. decision
                    .Persons.Where(person => person.Outcome.Evidence.Posterior >= EvidenceFloor)
                    .Take(MostEvidence),
            ];
}
