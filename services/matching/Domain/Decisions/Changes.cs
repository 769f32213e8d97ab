using System.Diagnostics;
using System.Text.Json;
using Safeguarding.Contracts.Matches;
using Safeguarding.Hosting;
using Safeguarding.Matching.Domain.Encounters;
using Safeguarding.Matching.Domain.Plans;
using Safeguarding.Matching.Domain.Reviews;
using Safeguarding.Matching.Rules;
using Safeguarding.Matching.Rules.Model;
using Safeguarding.Messaging;

namespace Safeguarding.Matching.Domain.Decisions;

/// <summary>What a batch of decisions changes, gathered and then written in one round trip.</summary>
internal sealed class Changes(DateTimeOffset now)
{
    public DateTimeOffset Now => now;

    /// <summary>The lines that the ledger will gain.</summary>
    public List<LedgerEntry> Ledger { get; } = [];

    public List<CouncilMatch> Matches { get; } = [];

    /// <summary>
    /// In the order in which they were first changed: one that is left to others makes room for the next.
    /// </summary>
    public OrderedDictionary<Guid, Review> Reviews { get; } = [];

    /// <summary>The question that each joined, or null where it left.</summary>
    public Dictionary<(Guid Encounter, string Council), Guid?> Joined { get; } = [];

    public List<(Guid Encounter, Verdict Verdict)> Followed { get; } = [];

    /// <summary>Questions that nobody decided and that go.</summary>
    public List<Guid> Dropped { get; } = [];

    public List<Verdict> Verdicts { get; } = [];

    /// <summary>The events to publish, in order, each with the trace that it continues.</summary>
    public List<(object Event, ActivityContext Trace)> News { get; } = [];

    /// <summary>What stays stored for as long as a match or a question needs it.</summary>
    public Dictionary<Guid, Encounter> Kept { get; } = [];

    /// <summary>What the rules in shadow decide differently of each encounter compared.</summary>
    public Dictionary<Guid, List<ShadowDifference>> Compared { get; } = [];

    public void Publish(EncounterMatched news, ActivityContext trace) => News.Add((news, trace));

    public void Publish(MatchWithdrawn news, ActivityContext trace) => News.Add((news, trace));

    public void Publish(MatchNeedsReview news, ActivityContext trace) => News.Add((news, trace));

    public void Record(
        Encounter encounter,
        string? council,
        DecisionOutcome outcome,
        bool late,
        string ruleVersion,
        IReadOnlyList<PersonDecision> persons,
        string? reason,
        string? decidedBy = null
    ) =>
        Ledger.Add(
            new()
            {
                Day = council is null ? DateOnly.FromDateTime(now.UtcDateTime) : DateOnly.MaxValue,
                DecisionId = Guid.CreateVersion7(now),
                EncounterId = encounter.Id,
                EncounterVersion = encounter.Version,
                CouncilCode = council,
                Outcome = outcome,
                Late = late,
                RuleVersion = ruleVersion,
                Evidence = JsonSerializer.Serialize(persons, HubJson.Options),
                DecidedAt = now,
                DecidedBy = decidedBy,
                Reason = reason,
            }
        );

    public void Match(
        Encounter encounter,
        CouncilPart part,
        long version,
        IReadOnlyList<MatchedPlan> plans,
        string ruleVersion,
        bool late
    )
    {
        Kept[encounter.Id] = encounter;
        Matches.Add(
            new()
            {
                EncounterId = encounter.Id,
                CouncilCode = part.CouncilCode,
                Version = version,
                Matched = true,
                PlanIds = [.. plans.Select(plan => plan.PlanId)],
                Plans = JsonSerializer.Serialize(plans, HubJson.Options),
                Certainty = part.Certainty,
                RuleVersion = ruleVersion,
                Late = late,
            }
        );
    }

    public void Withdraw(CouncilMatch match, string ruleVersion) =>
        Matches.Add(
            new()
            {
                EncounterId = match.EncounterId,
                CouncilCode = match.CouncilCode,
                Version = match.Version + 1,
                Matched = false,
                PlanIds = [],
                Plans = "[]",
                Certainty = 0,
                RuleVersion = ruleVersion,
                Late = false,
            }
        );

    /// <summary>Raises a question, or puts one another way.</summary>
    /// <param name="question">The encounter that asks.</param>
    /// <param name="part">What is asked.</param>
    /// <param name="ruleVersion">The rules that ask.</param>
    /// <param name="review">What is put another way; null for a new one.</param>
    /// <param name="before">Where the encounter was asked about before: its evidence holds once the traits are
    /// gone.</param>
    public Review Ask(Question question, CouncilPart part, string ruleVersion, Review? review, Review? before)
    {
        Kept[question.Encounter.Id] = question.Encounter;
        var inQuestion = part.InQuestion;
        return Add(
            new()
            {
                // Of a restricted child nothing says the time of day, and an id of version 7 would.
                ReviewId = review?.ReviewId ?? Guid.CreateVersion7(now.DayOnly()),
                EncounterId = question.Encounter.Id,
                CouncilCode = part.CouncilCode,
                Version = (review?.Version ?? 0) + 1,
                State = ReviewState.Open,
                PlanIds = inQuestion,
                Evidence =
                    part.Persons.Count > 0 || before is null
                        ? JsonSerializer.Serialize(
                            part.Persons.Where(person => person.Plans.Any(plan => inQuestion.Contains(plan.PlanId))),
                            HubJson.Options
                        )
                        : before.Evidence,
                Posterior = part.Posterior,
                RuleVersion = ruleVersion,
                RaisedAt = review is { State: ReviewState.Open } ? review.RaisedAt : now,
                ClosedAt = null,
                Patient = question.Patient is { } patient ? patient.Signature : before?.Patient,
            }
        );
    }

    /// <summary>Another encounter of the patient is asked about in an open question.</summary>
    public Review Join(Review review, Encounter encounter)
    {
        Kept[encounter.Id] = encounter;
        Joined[(encounter.Id, review.CouncilCode)] = review.ReviewId;
        return Add(review with { Version = review.Version + 1 });
    }

    /// <summary>An encounter is asked about no longer in a question that stays for the others.</summary>
    public Review Leave(Review review, Guid encounter, Guid next)
    {
        var (joined, council) = (review.EncounterId == encounter ? next : encounter, review.CouncilCode);
        Joined[(joined, council)] = null;
        return Add(
            review with
            {
                EncounterId = review.EncounterId == encounter ? next : review.EncounterId,
                Version = review.Version + 1,
            }
        );
    }

    /// <summary>An encounter is decided by what a person decided of the same patient elsewhere.</summary>
    public void Follow(Encounter encounter, Verdict verdict) => Followed.Add((encounter.Id, verdict));

    /// <summary>Keeps what an encounter is, for as long as it is asked about.</summary>
    public void Keep(Encounter encounter) => Kept[encounter.Id] = encounter;

    /// <summary>Drops a question that nobody decided, so that its encounter can join another.</summary>
    public void Drop(Review review) => Dropped.Add(review.ReviewId);

    public Review Close(Review review, ReviewState state = ReviewState.Closed) =>
        Add(review with { Version = review.Version + 1, State = state, ClosedAt = now });

    /// <summary>Asks again what was decided.</summary>
    public Review Reopen(Review review) =>
        Add(review with { Version = review.Version + 1, State = ReviewState.Open, RaisedAt = now, ClosedAt = null });

    /// <summary>
    /// Takes back what a person decided of a question's pairs; that there was a decision stays
    /// known.
    /// </summary>
    public void Undo(Review review, IEnumerable<Encounter> encounters) =>
        Verdicts.AddRange(
            from encounter in encounters
            from plan in review.PlanIds
            select new Verdict(
                encounter.Id,
                plan,
                review.CouncilCode,
                ReviewVerdict.Undone,
                MatchRole.Child,
                Patient: null
            )
        );

    /// <summary>Remembers what a person decided of each pair.</summary>
    public void Remember(IEnumerable<Verdict> verdicts) => Verdicts.AddRange(verdicts);

    /// <summary>
    /// Keeps what the rules in shadow decide differently of an encounter, in place of what they did
    /// before.
    /// </summary>
    public void Compare(
        Encounter encounter,
        Decision? live,
        Decision? shadow,
        IReadOnlyDictionary<Guid, StoredPlan> plans,
        IReadOnlyCollection<Verdict> verdicts
    ) =>
        Compared[encounter.Id] =
            live is null || shadow is null
                ? []
                : ShadowDifference.Between(live, shadow, encounter, plans, verdicts, now);

    private Review Add(Review review) => Reviews[review.ReviewId] = review;
}
