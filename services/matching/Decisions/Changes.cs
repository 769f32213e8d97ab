using System.Text.Json;
using Npgsql;
using Safeguarding.Contracts.Matches;
using Safeguarding.Matching.Encounters;
using Safeguarding.Matching.Plans;
using Safeguarding.Matching.Reviews;
using Safeguarding.Matching.Rules;
using Safeguarding.Matching.Shadow;
using Safeguarding.Matching.Storage;
using Safeguarding.Messaging;

namespace Safeguarding.Matching.Decisions;

/// <summary>What a batch of decisions changes, gathered and then written in one round trip.</summary>
internal sealed class Changes(DateTimeOffset now)
{
    private readonly List<LedgerEntry> _ledger = [];
    private readonly List<CouncilMatch> _matches = [];

    // In the order in which they were first changed: one that is left to others makes room for the next.
    private readonly OrderedDictionary<Guid, Review> _reviews = [];
    private readonly Dictionary<(Guid Encounter, string Council), Guid?> _joined = [];
    private readonly List<(Guid Encounter, Verdict Verdict)> _followed = [];
    private readonly List<Guid> _dropped = [];
    private readonly List<Verdict> _verdicts = [];
    private readonly Dictionary<Guid, Encounter> _keep = [];
    private readonly Dictionary<Guid, List<ShadowDifference>> _compared = [];

    /// <summary>How many lines the ledger will gain.</summary>
    public int Entries => _ledger.Count;

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
        _ledger.Add(
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
        _keep[encounter.Id] = encounter;
        _matches.Add(
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
        _matches.Add(
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
        _keep[question.Encounter.Id] = question.Encounter;
        var inQuestion = part.InQuestion;
        return Add(
            new()
            {
                ReviewId = review?.ReviewId ?? Guid.CreateVersion7(now),
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
        _keep[encounter.Id] = encounter;
        _joined[(encounter.Id, review.CouncilCode)] = review.ReviewId;
        return Add(review with { Version = review.Version + 1 });
    }

    /// <summary>An encounter is asked about no longer in a question that stays for the others.</summary>
    public Review Leave(Review review, Guid encounter, Guid next)
    {
        var (joined, council) = (review.EncounterId == encounter ? next : encounter, review.CouncilCode);
        _joined[(joined, council)] = null;
        return Add(
            review with
            {
                EncounterId = review.EncounterId == encounter ? next : review.EncounterId,
                Version = review.Version + 1,
            }
        );
    }

    /// <summary>An encounter is decided by what a person decided of the same patient elsewhere.</summary>
    public void Follow(Encounter encounter, Verdict verdict) => _followed.Add((encounter.Id, verdict));

    /// <summary>Keeps what an encounter is, for as long as it is asked about.</summary>
    public void Keep(Encounter encounter) => _keep[encounter.Id] = encounter;

    /// <summary>Drops a question that nobody decided, so that its encounter can join another.</summary>
    public void Drop(Review review) => _dropped.Add(review.ReviewId);

    public Review Close(Review review, ReviewState state = ReviewState.Closed) =>
        Add(review with { Version = review.Version + 1, State = state, ClosedAt = now });

    /// <summary>Asks again what was decided.</summary>
    public Review Reopen(Review review) =>
        Add(review with { Version = review.Version + 1, State = ReviewState.Open, RaisedAt = now, ClosedAt = null });

    /// <summary>
    /// Takes back what a person decided of a question's pairs; that there was a decision stays
    /// known.
    /// </summary>
    public void Forget(Review review, IEnumerable<Encounter> encounters) =>
        _verdicts.AddRange(
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
    public void Remember(IEnumerable<Verdict> verdicts) => _verdicts.AddRange(verdicts);

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
        _compared[encounter.Id] =
            live is null || shadow is null
                ? []
                : ShadowDifference.Between(live, shadow, encounter, plans, verdicts, now);

    public async Task WriteAsync(MatchingDb db, CancellationToken cancellationToken)
    {
        await using var batch = db.Batch();
        if (_keep.Count > 0)
            batch.Keep([.. _keep.Values]);
        if (_matches.Count > 0)
            WriteMatches(batch);
        if (_dropped.Count > 0)
            batch.Add("DELETE FROM matching.review WHERE review_id = ANY($1)", _dropped.ToArray());
        if (_joined.Count > 0)
            WriteJoined(batch);
        if (_reviews.Count > 0)
            WriteReviews(batch);
        if (_followed.Count > 0)
            WriteFollowed(batch);
        if (_verdicts.Count > 0)
            WriteVerdicts(batch);
        if (_ledger.Count > 0)
            WriteLedger(batch);
        if (_compared.Count > 0)
            WriteCompared(batch);
        if (batch.BatchCommands.Count > 0)
            await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    private Review Add(Review review) => _reviews[review.ReviewId] = review;

    private void WriteJoined(NpgsqlBatch batch)
    {
        batch.Add(
            """
            DELETE FROM matching.review_encounter
            USING unnest($1::uuid[], $2::text[]) AS gone (encounter_id, council_code)
            WHERE review_encounter.encounter_id = gone.encounter_id
                AND review_encounter.council_code = gone.council_code
            """,
            _joined.Keys.Select(key => key.Encounter).ToArray(),
            _joined.Keys.Select(key => key.Council).ToArray()
        );
        var joined = _joined.Where(pair => pair.Value is not null).ToList();
        if (joined.Count == 0)
            return;
        batch.Add(
            """
            INSERT INTO matching.review_encounter (encounter_id, council_code, review_id, joined_at)
            SELECT encounter_id, council_code, review_id, $4
            FROM unnest($1::uuid[], $2::text[], $3::uuid[]) AS news (encounter_id, council_code, review_id)
            """,
            joined.ConvertAll(pair => pair.Key.Encounter).ToArray(),
            joined.ConvertAll(pair => pair.Key.Council).ToArray(),
            joined.ConvertAll(pair => pair.Value!.Value).ToArray(),
            now
        );
    }

    private void WriteVerdicts(NpgsqlBatch batch) =>
        batch.Add(
            """
            INSERT INTO matching.verdict (encounter_id, plan_id, council_code, verdict, role, decided_at, patient)
            SELECT encounter_id, plan_id, council_code, verdict, role, $6, patient
            FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $7::bigint[]) AS news (encounter_id,
                plan_id, council_code, verdict, role, patient)
            ON CONFLICT (encounter_id, plan_id) DO UPDATE SET
                verdict = excluded.verdict, role = excluded.role, decided_at = excluded.decided_at, patient = excluded.patient
            """,
            _verdicts.ConvertAll(verdict => verdict.EncounterId).ToArray(),
            _verdicts.ConvertAll(verdict => verdict.PlanId).ToArray(),
            _verdicts.ConvertAll(verdict => verdict.CouncilCode).ToArray(),
            _verdicts.ConvertAll(verdict => verdict.Decided.ToString()).ToArray(),
            _verdicts.ConvertAll(verdict => verdict.Role.ToString()).ToArray(),
            now,
            _verdicts.ConvertAll(verdict => verdict.Patient).ToArray()
        );

    private void WriteLedger(NpgsqlBatch batch) =>
        batch.Add(
            """
            INSERT INTO matching.decision (
                day, decision_id, encounter_id, encounter_version, council_code, outcome, late, rule_version, evidence, decided_at, decided_by, reason)
            SELECT CASE WHEN council_code IS NULL THEN $11::date ELSE 'infinity' END, decision_id, encounter_id,
                encounter_version, council_code, outcome, late,
                rule_version, evidence::jsonb, $12, decided_by, reason
            FROM unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::text[], $5::text[], $6::boolean[], $7::text[],
                $8::text[], $9::text[], $10::text[])
                AS news (decision_id, encounter_id, encounter_version, council_code, outcome, late, rule_version, evidence, decided_by, reason)
            """,
            _ledger.Select(entry => entry.DecisionId).ToArray(),
            _ledger.Select(entry => entry.EncounterId).ToArray(),
            _ledger.Select(entry => entry.EncounterVersion).ToArray(),
            _ledger.Select(entry => entry.CouncilCode).ToArray(),
            _ledger.Select(entry => entry.Outcome.ToString()).ToArray(),
            _ledger.Select(entry => entry.Late).ToArray(),
            _ledger.Select(entry => entry.RuleVersion).ToArray(),
            _ledger.Select(entry => entry.Evidence).ToArray(),
            _ledger.Select(entry => entry.DecidedBy).ToArray(),
            _ledger.Select(entry => entry.Reason).ToArray(),
            DateOnly.FromDateTime(now.UtcDateTime),
            now
        );

    private void WriteCompared(NpgsqlBatch batch)
    {
        batch.Add("DELETE FROM matching.shadow_difference WHERE encounter_id = ANY($1)", _compared.Keys.ToArray());
        var differences = _compared.Values.SelectMany(of => of).ToList();
        if (differences.Count == 0)
            return;
        batch.Add(
            """
            INSERT INTO matching.shadow_difference (
                day, difference_id, encounter_id, council_code, plan_ids, live, shadow, live_posterior, shadow_posterior, live_version, shadow_version, decided_at)
            SELECT day, difference_id, encounter_id, council_code, plan_ids::uuid[], live, shadow, live_posterior,
                shadow_posterior, live_version, shadow_version, $12
            FROM unnest($1::date[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[],
                $8::double precision[], $9::double precision[],
                $10::text[], $11::text[])
                AS news (day, difference_id, encounter_id, council_code, plan_ids, live, shadow, live_posterior, shadow_posterior, live_version, shadow_version)
            """,
            differences.ConvertAll(difference => difference.Day).ToArray(),
            differences.ConvertAll(difference => difference.DifferenceId).ToArray(),
            differences.ConvertAll(difference => difference.EncounterId).ToArray(),
            differences.ConvertAll(difference => difference.CouncilCode).ToArray(),
            differences.ConvertAll(difference => Sql.Array(difference.PlanIds)).ToArray(),
            differences.ConvertAll(difference => difference.Live.ToString()).ToArray(),
            differences.ConvertAll(difference => difference.Shadow.ToString()).ToArray(),
            differences.ConvertAll(difference => difference.LivePosterior).ToArray(),
            differences.ConvertAll(difference => difference.ShadowPosterior).ToArray(),
            differences.ConvertAll(difference => difference.LiveVersion).ToArray(),
            differences.ConvertAll(difference => difference.ShadowVersion).ToArray(),
            now
        );
    }

    private void WriteMatches(NpgsqlBatch batch) =>
        batch.Add(
            """
            INSERT INTO matching.council_match (encounter_id, council_code, version, matched, plan_ids, plans,
                certainty, rule_version, late)
            SELECT encounter_id, council_code, version, matched, ARRAY(SELECT (plan ->> 'planId')::uuid
                FROM jsonb_array_elements(plans::jsonb) plan),
                plans::jsonb, certainty, rule_version, late
            FROM unnest($1::uuid[], $2::text[], $3::bigint[], $4::boolean[], $5::text[], $6::double precision[],
                $7::text[], $8::boolean[])
                AS news (encounter_id, council_code, version, matched, plans, certainty, rule_version, late)
            ON CONFLICT (encounter_id, council_code) DO UPDATE SET
                version = excluded.version, matched = excluded.matched, plan_ids = excluded.plan_ids, plans = excluded.plans,
                certainty = excluded.certainty, rule_version = excluded.rule_version, late = excluded.late
            """,
            _matches.Select(match => match.EncounterId).ToArray(),
            _matches.Select(match => match.CouncilCode).ToArray(),
            _matches.Select(match => match.Version).ToArray(),
            _matches.Select(match => match.Matched).ToArray(),
            _matches.Select(match => match.Plans).ToArray(),
            _matches.Select(match => match.Certainty).ToArray(),
            _matches.Select(match => match.RuleVersion).ToArray(),
            _matches.Select(match => match.Late).ToArray()
        );

    private void WriteFollowed(NpgsqlBatch batch) =>
        batch.Add(
            """
            INSERT INTO matching.review_encounter (encounter_id, council_code, review_id, joined_at)
            SELECT news.encounter_id, news.council_code, member.review_id, $4
            FROM unnest($1::uuid[], $2::text[], $3::uuid[]) AS news (encounter_id, council_code, decided_of)
            JOIN matching.review_member AS member
                ON member.encounter_id = news.decided_of AND member.council_code = news.council_code
            ON CONFLICT DO NOTHING
            """,
            _followed.ConvertAll(one => one.Encounter).ToArray(),
            _followed.ConvertAll(one => one.Verdict.CouncilCode).ToArray(),
            _followed.ConvertAll(one => one.Verdict.EncounterId).ToArray(),
            now
        );

    private void WriteReviews(NpgsqlBatch batch) =>
        batch.Add(
            """
            INSERT INTO matching.review (
                review_id, encounter_id, council_code, version, state, plan_ids, evidence, posterior, rule_version, raised_at, closed_at,
                patient)
            SELECT review_id, encounter_id, council_code, version, state, plan_ids::uuid[], evidence::jsonb, posterior,
                rule_version, raised_at, closed_at, patient
            FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::bigint[], $5::text[], $6::text[], $7::text[],
                $8::double precision[], $9::text[],
                $10::timestamptz[], $11::timestamptz[], $12::bigint[])
                AS news (review_id, encounter_id, council_code, version, state, plan_ids, evidence, posterior, rule_version, raised_at, closed_at,
                    patient)
            ON CONFLICT (review_id) DO UPDATE SET
                encounter_id = excluded.encounter_id, patient = excluded.patient,
                version = excluded.version, state = excluded.state, plan_ids = excluded.plan_ids, evidence = excluded.evidence,
                posterior = excluded.posterior, rule_version = excluded.rule_version, raised_at = excluded.raised_at, closed_at = excluded.closed_at,
                -- A question asked anew is nobody's; one that is only changed stays with whoever has it.
                claim_id = CASE WHEN review.raised_at = excluded.raised_at THEN review.claim_id END,
                claimed_by = CASE WHEN review.raised_at = excluded.raised_at THEN review.claimed_by END,
                claimed_until = CASE WHEN review.raised_at = excluded.raised_at
                    AND excluded.state = 'open' THEN review.claimed_until END,
                opinion = CASE WHEN review.raised_at = excluded.raised_at THEN review.opinion END,
                opinion_by = CASE WHEN review.raised_at = excluded.raised_at THEN review.opinion_by END,
                escalated_at = CASE WHEN review.raised_at = excluded.raised_at THEN review.escalated_at END
            """,
            _reviews.Values.Select(review => review.ReviewId).ToArray(),
            _reviews.Values.Select(review => review.EncounterId).ToArray(),
            _reviews.Values.Select(review => review.CouncilCode).ToArray(),
            _reviews.Values.Select(review => review.Version).ToArray(),
            _reviews.Values.Select(review => review.State.ToString().ToLowerInvariant()).ToArray(),
            _reviews.Values.Select(review => Sql.Array(review.PlanIds)).ToArray(),
            _reviews.Values.Select(review => review.Evidence).ToArray(),
            _reviews.Values.Select(review => review.Posterior).ToArray(),
            _reviews.Values.Select(review => review.RuleVersion).ToArray(),
            _reviews.Values.Select(review => review.RaisedAt).ToArray(),
            _reviews.Values.Select(review => review.ClosedAt).ToArray(),
            _reviews.Values.Select(review => review.Patient).ToArray()
        );
}
