using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Safeguarding.Contracts.Matches;
using Safeguarding.Hosting.Access;
using Safeguarding.Hosting.SubjectAccess;
using Safeguarding.Matching.Domain.Decisions;
using Safeguarding.Matching.Domain.Plans;
using Safeguarding.Matching.Domain.Reviews;
using Safeguarding.Matching.Rules;
using Safeguarding.Matching.Rules.Model;
using Safeguarding.Matching.Storage;
using Safeguarding.Messaging;
using Safeguarding.Messaging.Storage;

namespace Safeguarding.Matching.Decisions;

/// <summary>
/// What was decided here of one person, for a request of access: the decisions and the questions to reviewers under the
/// council's own plans. Whether a patient was this person is another person's to know until it is decided that they
/// were; of a restricted child it is said whether it matched, and on which day.
/// </summary>
internal static class AnswerSubjectAccess
{
    private const string MatchAct = "match.subject-access";
    private const string ReviewAct = "review.subject-access";

    private static readonly string[] Elsewhere =
    [
        "The plans themselves, and who looked the person up: POST /subject-access at plan-registry.",
        "Alerts, and what was done about each: POST /subject-access at notification.",
        "The patient's details as a trust sent them, for the days that they are kept: ask the trust.",
        "Who looked: POST /fhir/AuditEvent/_search at each service.",
    ];

    internal static async Task<Results<Ok<SubjectAccessDocument>, ProblemHttpResult>> Handle(
        SubjectAccessByPlans request,
        Caller caller,
        MatchingDb db,
        Parameters parameters,
        CancellationToken cancellationToken
    )
    {
        if (request.Read(out var roles) is { } fault)
            return fault;

        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var held = await ReadAsync(roles, caller.Organisation, db, parameters, cancellationToken);
        var answer = await db.DiscloseAsync(
            caller,
            held,
            request.Releases,
            "the decisions of matching",
            Elsewhere,
            plans: null,
            cancellationToken
        );
        await transaction.CommitAsync(CancellationToken.None);
        return answer;
    }

    private static async Task<List<StoredRecord>> ReadAsync(
        IReadOnlyDictionary<Guid, MatchRole> roles,
        string council,
        MatchingDb db,
        Parameters parameters,
        CancellationToken cancellationToken
    )
    {
        Guid[] plans = [.. roles.Keys];
        var decisions = await DecisionsAsync(plans, council, db, cancellationToken);
        var reviews = await db
            .Reviews.AsNoTracking()
            .Where(review => review.CouncilCode == council && review.PlanIds.Any(plan => plans.Contains(plan)))
            .OrderBy(review => review.ReviewId)
            .ToListAsync(cancellationToken);
        var ids = reviews.ConvertAll(review => review.ReviewId);
        var acts = await db.Set<ReviewAct>()
            .AsNoTracking()
            .Where(act => act.CouncilCode == council && ids.Contains(act.ReviewId))
            .OrderBy(act => act.ActId)
            .ToListAsync(cancellationToken);
        Guid[] encounters =
        [
            .. decisions
                .Select(entry => entry.EncounterId)
                .Concat(reviews.Select(review => review.EncounterId))
                .Distinct(),
        ];
        var matches = await db
            .CouncilMatches.AsNoTracking()
            .Where(match => match.CouncilCode == council && match.Matched && encounters.Contains(match.EncounterId))
            .ToListAsync(cancellationToken);
        var own = await db.PlansOfAsync(
            [council],
            [
                .. decisions
                    .Select(entry => entry.Evidence)
                    .Concat(reviews.Select(review => review.Evidence))
                    .SelectMany(OwnEvidence.Plans)
                    .Concat(plans)
                    .Distinct(),
            ],
            cancellationToken
        );
        await using var batch = db.Batch();
        batch.SelectRestricted(encounters);
        batch.SelectKept(encounters);
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var restricted = await reader.ReadRestrictedAsync(cancellationToken);
        var kept = await reader.ReadAsync(EncounterRows.Read, cancellationToken);
        // One that was withdrawn meanwhile is in no match that would say it.
        if (own.Values.Any(plan => roles.ContainsKey(plan.Id) && plan.Restricted))
            restricted.UnionWith(encounters);
        var of = new OfPerson(
            roles,
            own,
            [
                .. matches
                    .Where(match =>
                        match.MatchedPlans.Any(plan =>
                            roles.TryGetValue(plan.PlanId, out var role) && role == plan.Role
                        )
                    )
                    .Select(match => match.EncounterId),
            ],
            restricted,
            kept.ToDictionary(encounter => encounter.Id, encounter => encounter.ReceivedAt),
            parameters
        );
        return
        [
            .. decisions.Index().Select(entry => of.Decision(entry.Item, entry.Index)).OfType<StoredRecord>(),
            .. reviews
                .Index()
                .SelectMany(review =>
                    of.Review(review.Item, acts.FindAll(act => act.ReviewId == review.Item.ReviewId), review.Index)
                ),
        ];
    }

    // By the ledger, which alone knows of what was withdrawn. No index: it is asked seldom, and each decision would pay
    // for one.
    private static Task<List<LedgerEntry>> DecisionsAsync(
        Guid[] plans,
        string council,
        MatchingDb db,
        CancellationToken cancellationToken
    )
    {
        var named = plans
            .Select(planId =>
                JsonSerializer.Serialize(new[] { new { plans = new[] { new { planId } } } }, HubJson.Options)
            )
            .ToArray();
        return db
            .Decisions.FromSql(
                $"""
                SELECT * FROM matching.decision WHERE day = 'infinity' AND council_code = {council}
                    AND encounter_id IN (
                        SELECT encounter_id FROM matching.decision WHERE day = 'infinity' AND council_code = {council}
                            AND evidence @> ANY({named}::jsonb[])
                    )
                """
            )
            .AsNoTracking()
            .OrderBy(entry => entry.DecisionId)
            .ToListAsync(cancellationToken);
    }

    /// <summary>What is said of one person.</summary>
    /// <param name="roles">What the person is to each plan.</param>
    /// <param name="own">The council's plans.</param>
    /// <param name="theirs">The encounters of which it stands that the patient is this person.</param>
    /// <param name="restricted">Those that are, or may be, of a restricted child.</param>
    /// <param name="receivedAt">When the hub received each, as far as it is stored.</param>
    /// <param name="parameters">Of the rules.</param>
    private sealed class OfPerson(
        IReadOnlyDictionary<Guid, MatchRole> roles,
        IReadOnlyDictionary<Guid, StoredPlan> own,
        HashSet<Guid> theirs,
        HashSet<Guid> restricted,
        IReadOnlyDictionary<Guid, DateTimeOffset> receivedAt,
        Parameters parameters
    )
    {
        /// <returns>Null of a decision about somebody else of the same council.</returns>
        public StoredRecord? Decision(LedgerEntry entry, int index)
        {
            var all = Persons(entry.Evidence, entry.EncounterId);
            var persons = all.FindAll(person => person.Plans.Any(plan => roles.ContainsKey(plan.PlanId)));
            if (all is not [] && persons is [])
                return null;

            var (isRestricted, whose) = Whose(entry.EncounterId);
            var record = new StoredRecord(
                MatchAct,
                entry.EncounterId,
                "match",
                NameOf(entry.DecisionId, isRestricted, index)
            );
            record.Add("decidedAt", entry.DecidedAt, withheld: null, isRestricted);
            record.Add("decided", WordsOf(entry.Outcome), withheld: null);
            AddPlans(record, persons.SelectMany(person => person.Plans.Select(plan => plan.PlanId)));
            record.Add("encounter", entry.EncounterId.ToString(), whose);
            record.Add("late", entry.Late, isRestricted ? whose : null);
            record.Add("rules", entry.RuleVersion, withheld: null);
            record.Add(
                "decidedBy",
                entry.DecidedBy ?? "the rules",
                entry.DecidedBy is null ? null
                    : isRestricted ? whose
                    : Withheld.Reporter
            );
            // A reviewer may name anybody in it.
            record.Add("reason", entry.Reason, entry.DecidedBy is null ? whose : Others(isRestricted));
            AddInWords(record, persons, whose);
            return record;
        }

        public IEnumerable<StoredRecord> Review(Review review, List<ReviewAct> acts, int index)
        {
            var (isRestricted, whose) = Whose(review.EncounterId);
            var record = new StoredRecord(
                ReviewAct,
                review.ReviewId,
                "review",
                NameOf(review.ReviewId, isRestricted, index)
            );
            record.Add("raisedAt", review.RaisedAt, withheld: null, isRestricted);
            record.Add("state", review.State.ToString().ToLowerInvariant(), withheld: null);
            record.Add("closedAt", review.ClosedAt, withheld: null, isRestricted);
            AddPlans(record, review.PlanIds);
            record.Add("encounter", review.EncounterId.ToString(), whose);
            record.Add("rules", review.RuleVersion, withheld: null);
            var persons = Persons(review.Evidence, review.EncounterId)
                .FindAll(person => person.Plans.Any(plan => roles.ContainsKey(plan.PlanId)));
            AddInWords(record, persons, whose);
            yield return record;
            foreach (var (i, act) in acts.Index())
            {
                var done = new StoredRecord(
                    ReviewAct,
                    review.ReviewId,
                    "review-act",
                    isRestricted ? $"{NameOf(review.ReviewId, isRestricted, index)}-{i + 1}" : act.ActId.ToString()
                );
                // What a first reviewer thinks is for nobody while the second is asked.
                var isOpenOpinion = act.Action == ReviewAction.Opinion && review.State == ReviewState.Open;
                done.Add("at", act.At, withheld: null, isRestricted);
                done.Add("done", act.Action.ToString().ToLowerInvariant(), withheld: null);
                done.Add("verdict", isOpenOpinion ? null : WordsOf(act.Verdict), withheld: null);
                done.Add("by", act.Reviewer, isRestricted ? Withheld.Restricted : Withheld.Reporter);
                done.Add("reason", isOpenOpinion ? null : act.Reason, Others(isRestricted));
                yield return done;
            }
        }

        private (bool IsRestricted, string? Whose) Whose(Guid encounter) =>
            DecideDisclosure.Decide(Asked.OfOwnChild(Shown.SubjectRecord, restricted.Contains(encounter)))
                is not Extent.Whole
                ? (true, Withheld.Restricted)
            : theirs.Contains(encounter) ? (false, null)
            : (false, Withheld.OtherPeople);

        private static string Others(bool isRestricted) => isRestricted ? Withheld.Restricted : Withheld.OtherPeople;

        // An id says when it was made. Nothing of a restricted child is released by it.
        private static string NameOf(Guid id, bool isRestricted, int index) =>
            isRestricted ? $"restricted-{index + 1}" : id.ToString();

        // Of a plan for an unborn child the person is the mother, and the plan is another's.
        private void AddInWords(StoredRecord record, List<PersonDecision> persons, string? whose) =>
            record.Add(
                "inWords",
                InWordsOf(persons),
                whose ?? (persons.Exists(MentionsOthers) ? Withheld.OtherPeople : null)
            );

        private void AddPlans(StoredRecord record, IEnumerable<Guid> plans)
        {
            Guid[] named = [.. plans.Distinct().Where(plan => roles.ContainsKey(plan) && own.ContainsKey(plan))];
            record.Add(
                "plans",
                named.Select(plan => own[plan].Reference),
                named.Any(plan => roles[plan] == MatchRole.MotherOfUnborn) ? Withheld.OtherPeople : null
            );
        }

        private List<PersonDecision> Persons(string evidence, Guid encounter) =>
            [
                .. OwnEvidence
                    .Select(evidence, own, receivedAt.TryGetValue(encounter, out var at) ? at : null)
                    .Deserialize<PersonDecision[]>(HubJson.Options)!,
            ];

        private string InWordsOf(List<PersonDecision> persons) =>
            string.Join(' ', persons.SelectMany(person => InWords.Of(person.Outcome, parameters)));

        private static bool MentionsOthers(PersonDecision person) =>
            person.Outcome.Evidence is var evidence
            && (
                evidence.Rivals is not []
                || evidence.Traits.Any(trait =>
                    trait.Trait is "mother" or "birthOrder"
                    || trait.Level is "mothers" or "housemates" or "verifiedAnothers"
                )
            );

        private static string WordsOf(DecisionOutcome outcome) =>
            outcome switch
            {
                DecisionOutcome.Matched => "the patient was taken for this person",
                DecisionOutcome.NeedsReview => "a reviewer was asked whether the patient is this person",
                DecisionOutcome.NoMatch => "the patient was not taken for this person",
                DecisionOutcome.NotInForce => "no plan was in force on the day",
                DecisionOutcome.Withdrawn => "what the council was told before was taken back",
                DecisionOutcome.Undone => "a reviewer's decision was taken back",
                DecisionOutcome.Scheduled => "planned care: nothing was looked for",
                _ => "the encounter did not take place: nothing was looked for",
            };

        private static string? WordsOf(ReviewVerdict? verdict) =>
            verdict switch
            {
                ReviewVerdict.SameChild => "same child",
                ReviewVerdict.NotThisChild => "not this child",
                ReviewVerdict.CannotTell => "cannot tell",
                _ => null,
            };
    }
}
