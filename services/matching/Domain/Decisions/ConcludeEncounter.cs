using Safeguarding.Contracts.Encounters;
using Safeguarding.Contracts.Matches;
using Safeguarding.Hosting.Privacy;
using Safeguarding.Matching.Domain.Encounters;
using Safeguarding.Matching.Domain.Reviews;
using Safeguarding.Matching.Rules;
using Safeguarding.Matching.Rules.Model;

namespace Safeguarding.Matching.Domain.Decisions;

/// <summary>
/// Compares what was evaluated of an encounter with what each council was sent or asked, and says what changes: alerts,
/// withdrawals, questions, lines of the ledger. Neither reads nor writes the database.
/// </summary>
internal sealed class ConcludeEncounter(Parameters parameters, Sealer sealer)
{
    // Below this a person on the register is not worth a line in the ledger.
    internal const double EvidenceFloor = 0.001;
    private const int MostEvidence = 3;

    /// <summary>Adds to the changes what an encounter's judgement changes.</summary>
    public void Conclude(Question question, EncounterEvaluation evaluated, Present present, Changes changes)
    {
        var (encounter, decision, parts) = (question.Encounter, evaluated.Decision, evaluated.Parts);
        // So that an undoing of the verdict covers what was decided by it.
        foreach (var verdict in present.RememberedOf(question))
        {
            if (present.Reviews.Get(encounter.Id, verdict.CouncilCode) is null)
                changes.Follow(encounter, verdict);
        }

        var before = changes.Ledger.Count;
        var ruleVersion = decision?.RuleVersion ?? parameters.Version;
        foreach (var match in present.MatchesOf(encounter.Id))
            parts.TryAdd(match.CouncilCode, new(match.CouncilCode));
        foreach (var review in present.Reviews.Get(encounter.Id).Where(review => review.State == ReviewState.Open))
            parts.TryAdd(review.CouncilCode, new(review.CouncilCode));
        CouncilPart.Withhold(parts.Values);
        foreach (var part in parts.Values.OrderBy(part => part.CouncilCode, StringComparer.Ordinal))
            Notify(question, part, ruleVersion, present, changes);
        if (question.NewVersion && changes.Ledger.Count == before)
            changes.Record(encounter, null, OutcomeOf(encounter), late: false, ruleVersion, Strongest(decision), null);
    }

    private void Notify(Question question, CouncilPart part, string ruleVersion, Present present, Changes changes)
    {
        var encounter = question.Encounter;
        var match = present.MatchesOf(encounter.Id).FirstOrDefault(match => match.CouncilCode == part.CouncilCode);
        // Once notified in time, an alert is not late because another plan came after it.
        var late = part.IsMatched && part.IsLate(encounter) && match is not { Matched: true, Late: false };
        var changed = Ask(question, part, ruleVersion, present.Reviews, changes);
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
                var why = InWords.OfMatch(encounter, part, parameters);
                changes.Publish(
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
                        sealer.For<EncounterMatched>().Reseal(encounter.Place),
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
            changes.Publish(new MatchWithdrawn(encounter.Id, part.CouncilCode, match.Version + 1, why), question.Trace);
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
            changes.Record(
                encounter,
                part.CouncilCode,
                outcome,
                late,
                ruleVersion,
                part.Persons,
                reason ?? question.Because
            );
        }
    }

    private static bool Ask(
        Question question,
        CouncilPart part,
        string ruleVersion,
        BatchReviews reviews,
        Changes changes
    )
    {
        var encounter = question.Encounter;
        var review = reviews.Get(encounter.Id, part.CouncilCode);
        var inQuestion = part.InQuestion;
        if (inQuestion.Length == 0)
        {
            if (review is not { State: ReviewState.Open })
                return false;
            Leave(encounter, review, reviews, changes);
            return true;
        }

        var first = review?.EncounterId == encounter.Id;
        if (review is { State: ReviewState.Open } && IsAsked(question, inQuestion, review))
        {
            var same =
                review.Posterior == part.Posterior && (question.Because is null || review.RuleVersion == ruleVersion);
            if (!first || same)
                return false;
        }
        else if (review is not null && !(first && reviews.OthersOf(review, encounter.Id).All(reviews.IsInBatch)))
        {
            // It stays for the others, as it is.
            Leave(encounter, review, reviews, changes);
            return JoinOrAsk(question, part, ruleVersion, review, reviews, changes);
        }
        else if (review is null or { State: ReviewState.Closed })
        {
            return JoinOrAsk(question, part, ruleVersion, review, reviews, changes);
        }

        var asked = changes.Ask(question, part, ruleVersion, review, review);
        reviews.Put(asked);
        // One that was open already and is only put another way is no news.
        if (review is not { State: ReviewState.Open })
            changes.Publish(asked.ToNews(overdue: false, part.AsksOfRestricted), question.Trace);
        return true;
    }

    // One patient is one question, however many encounters there are of it.
    private static bool JoinOrAsk(
        Question question,
        CouncilPart part,
        string ruleVersion,
        Review? before,
        BatchReviews reviews,
        Changes changes
    )
    {
        var encounter = question.Encounter;
        var own = before?.EncounterId == encounter.Id && before.State == ReviewState.Closed ? before : null;
        if (
            reviews.OpenAbout(part.CouncilCode, question.Patient?.Signatures ?? [], part.InQuestion) is { } open
            && (own is null || !reviews.OthersOf(own, encounter.Id).Any())
        )
        {
            if (own is not null)
                changes.Drop(own);
            open = changes.Join(open, encounter);
            reviews.Put(open);
            reviews.Join(open, encounter.Id);
            return true;
        }

        var asked = changes.Ask(question, part, ruleVersion, own, before);
        reviews.Put(asked);
        changes.Publish(asked.ToNews(overdue: false, part.AsksOfRestricted), question.Trace);
        return true;
    }

    private static void Leave(Encounter encounter, Review review, BatchReviews reviews, Changes changes)
    {
        if (reviews.OthersOf(review, encounter.Id).FirstOrDefault() is var next && next == default)
        {
            reviews.Put(changes.Close(review));
            return;
        }

        var left = changes.Leave(review, encounter.Id, next);
        reviews.Leave(review, encounter.Id);
        reviews.Put(left);
    }

    private static bool IsAsked(Question question, Guid[] plans, Review review) =>
        review.PlanIds.SequenceEqual(plans)
        && (
            question.Patient is not { } patient || review.Patient is not { } known || patient.Signatures.Contains(known)
        );

    // The place is sealed differently each time, so it must be opened to be compared; that happens for matches only.
    private bool HasNews(Encounter encounter, Encounter? notified) =>
        notified is null
        || (
            encounter.Version > notified.Version
            && (
                encounter.Status != notified.Status
                || encounter.StartedAt != notified.StartedAt
                || encounter.EndedAt != notified.EndedAt
                || !encounter.Concerns.SequenceEqual(notified.Concerns)
                || WhereOf(encounter) != WhereOf(notified)
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
            _ when question.Undone || match.PlanIds.All(undone.Contains) => WithdrawalReason.UndoneByReviewer,
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
