using Safeguarding.Contracts.Encounters;
using Safeguarding.Contracts.Matches;
using Safeguarding.Hosting.Privacy;
using Safeguarding.Matching.Domain.Decisions;
using Safeguarding.Matching.Domain.Encounters;
using Safeguarding.Matching.Domain.Plans;
using Safeguarding.Matching.Domain.Reviews;
using Safeguarding.Matching.Lookup;
using Safeguarding.Matching.Names;
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
        var present = await db.ReadPresentAsync(questions, [], cancellationToken);
        var asked = questions.Where(question => question.Encounter.MayRaise && question.Patient is not null).ToList();
        var found =
            asked.Count == 0
                ? []
                : await candidates.ForAsync(asked.ConvertAll(question => question.Patient!), search, cancellationToken);
        var foundOf = asked.Zip(found).ToDictionary(pair => pair.First.Encounter.Id, pair => pair.Second);

        var names = learned.Current;
        var judged = questions.ToDictionary(
            question => question.Encounter.Id,
            question => Judge(question, foundOf, names, present)
        );
        // A question may concern encounters that others are deciding at this moment, and so may what a person decided
        // of the patient: whoever changes those of one patient does it alone, and looks again once the others are done.
        var patients = questions
            .Where(question =>
                judged[question.Encounter.Id].Parts.Values.Any(part => part.InQuestion.Length > 0)
                || present.RememberedOf(question).Any()
            )
            .SelectMany(question => question.Patient?.Signatures ?? [])
            .Concat(present.Reviews.Patients)
            .Distinct()
            .Order()
            .ToArray();
        if (patients.Length > 0)
        {
            await db.LockPatientsAsync(patients, cancellationToken);
            present = await db.ReadPresentAsync(questions, patients, cancellationToken);
            foreach (
                var question in questions.Where(question =>
                    present.Reviews.Of(question.Encounter.Id).Any()
                    || question.Patient?.Signatures.Intersect(patients).Any() == true
                )
            )
            {
                judged[question.Encounter.Id] = Judge(question, foundOf, names, present);
            }
        }

        var changes = new Changes(clock.GetUtcNow());
        // Those that joined come last: what the first one asks by then is what they stay with.
        foreach (var question in questions.OrderBy(question => present.Reviews.IsJoined(question.Encounter.Id)))
            Conclude(question, judged[question.Encounter.Id], present, changes);
        await changes.WriteAsync(db, cancellationToken);
    }

    private Judgement Judge(
        Question question,
        Dictionary<Guid, IReadOnlyList<FoundPlan>> foundOf,
        NameCount names,
        Present present
    )
    {
        var encounter = question.Encounter;
        if (!foundOf.TryGetValue(encounter.Id, out var found))
        {
            var parts = encounter.MayRaise ? CouncilPart.Remaining(question, present) : [];
            return new(null, null, NoPlans, parts, names);
        }

        var plans = present.Plans.ToDictionary();
        foreach (var plan in found)
            plans[plan.Plan.Id] = plan.Plan;
        var decision = Rules.Decide.From(
            question.Patient!.Person,
            [.. found.Select(plan => plan.Candidate)],
            names.Raise(parameters, question.Patient.Names)
        );
        var own = CouncilPart.Of(encounter, decision, plans, present.VerdictsOf(question));
        return new(found, decision, plans, own, names);
    }

    private void Conclude(Question question, Judgement judged, Present present, Changes changes)
    {
        var encounter = question.Encounter;
        var (found, decision, plans, parts, names) = judged;

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

        // So that an undoing of the verdict covers what was decided by it.
        foreach (var verdict in present.RememberedOf(question))
        {
            if (present.Reviews.Of(encounter.Id, verdict.CouncilCode) is null)
                changes.Follow(encounter, verdict);
        }

        var before = changes.Ledger.Count;
        var ruleVersion = decision?.RuleVersion ?? parameters.Version;
        foreach (var match in present.MatchesOf(encounter.Id))
            parts.TryAdd(match.CouncilCode, new(match.CouncilCode));
        foreach (var review in present.Reviews.Of(encounter.Id).Where(review => review.State == ReviewState.Open))
            parts.TryAdd(review.CouncilCode, new(review.CouncilCode));
        CouncilPart.Withhold(parts.Values);
        foreach (var part in parts.Values.OrderBy(part => part.CouncilCode, StringComparer.Ordinal))
            Notify(question, part, ruleVersion, present, changes);
        if (question.NewVersion && changes.Ledger.Count == before)
            changes.Record(encounter, null, OutcomeOf(encounter), late: false, ruleVersion, Strongest(decision), null);
    }

    /// <summary>What the rules say of one encounter, before anything is done about it.</summary>
    private sealed record Judgement(
        IReadOnlyList<FoundPlan>? Found,
        Decision? Decision,
        Dictionary<Guid, StoredPlan> Plans,
        Dictionary<string, CouncilPart> Parts,
        NameCount Names
    );

    private void Notify(Question question, CouncilPart part, string ruleVersion, Present present, Changes changes)
    {
        var encounter = question.Encounter;
        var match = present.MatchesOf(encounter.Id).FirstOrDefault(match => match.CouncilCode == part.CouncilCode);
        // Once told in time, an alert is not late because another plan came after it.
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

    private bool Ask(Question question, CouncilPart part, string ruleVersion, BatchReviews reviews, Changes changes)
    {
        var encounter = question.Encounter;
        var review = reviews.Of(encounter.Id, part.CouncilCode);
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
            db.Publish(asked.ToNews(overdue: false), question.Trace);
        return true;
    }

    // One patient is one question, however many encounters there are of it.
    private bool JoinOrAsk(
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
        db.Publish(asked.ToNews(overdue: false), question.Trace);
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
