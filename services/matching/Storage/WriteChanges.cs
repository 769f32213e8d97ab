using System.Diagnostics;
using Npgsql;
using Safeguarding.Contracts.Matches;
using Safeguarding.Matching.Domain.Decisions;
using Safeguarding.Messaging.Storage;

namespace Safeguarding.Matching.Storage;

/// <summary>Writes what a batch of decisions changes, in one round trip.</summary>
internal static class WriteChanges
{
    public static async Task WriteAsync(this Changes changes, MatchingDb db, CancellationToken cancellationToken)
    {
        foreach (var (news, trace) in changes.News)
            Publish(db, news, trace);
        await using var batch = db.Batch();
        if (changes.Kept.Count > 0)
            batch.Keep([.. changes.Kept.Values]);
        if (changes.Matches.Count > 0)
            WriteMatches(batch, changes);
        if (changes.Dropped.Count > 0)
            batch.Add("DELETE FROM matching.review WHERE review_id = ANY($1)", changes.Dropped.ToArray());
        if (changes.Joined.Count > 0)
            WriteJoined(batch, changes);
        if (changes.Reviews.Count > 0)
            WriteReviews(batch, changes);
        if (changes.Followed.Count > 0)
            WriteFollowed(batch, changes);
        if (changes.Verdicts.Count > 0)
            WriteVerdicts(batch, changes);
        if (changes.Ledger.Count > 0)
            WriteLedger(batch, changes, db);
        if (changes.Compared.Count > 0)
            WriteCompared(batch, changes);
        if (batch.BatchCommands.Count > 0)
            await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    private static void Publish(MatchingDb db, object news, ActivityContext trace)
    {
        switch (news)
        {
            case EncounterMatched matched:
                db.Publish(matched, trace);
                break;
            case MatchWithdrawn withdrawn:
                db.Publish(withdrawn, trace);
                break;
            case MatchNeedsReview asked:
                db.Publish(asked, trace);
                break;
        }
    }

    private static void WriteJoined(NpgsqlBatch batch, Changes changes)
    {
        batch.Add(
            """
            DELETE FROM matching.review_encounter
            USING unnest($1::uuid[], $2::text[]) AS gone (encounter_id, council_code)
            WHERE review_encounter.encounter_id = gone.encounter_id
                AND review_encounter.council_code = gone.council_code
            """,
            changes.Joined.Keys.Select(key => key.Encounter).ToArray(),
            changes.Joined.Keys.Select(key => key.Council).ToArray()
        );
        var joined = changes.Joined.Where(pair => pair.Value is not null).ToList();
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
            changes.Now
        );
    }

    private static void WriteVerdicts(NpgsqlBatch batch, Changes changes) =>
        batch.Add(
            """
            INSERT INTO matching.verdict (encounter_id, plan_id, council_code, verdict, role, decided_at, patient)
            SELECT encounter_id, plan_id, council_code, verdict, role, $6, patient
            FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $7::bigint[]) AS news (encounter_id,
                plan_id, council_code, verdict, role, patient)
            ON CONFLICT (encounter_id, plan_id) DO UPDATE SET
                verdict = excluded.verdict, role = excluded.role, decided_at = excluded.decided_at, patient = excluded.patient
            """,
            changes.Verdicts.ConvertAll(verdict => verdict.EncounterId).ToArray(),
            changes.Verdicts.ConvertAll(verdict => verdict.PlanId).ToArray(),
            changes.Verdicts.ConvertAll(verdict => verdict.CouncilCode).ToArray(),
            changes.Verdicts.ConvertAll(verdict => verdict.Decided.ToString()).ToArray(),
            changes.Verdicts.ConvertAll(verdict => verdict.Role.ToString()).ToArray(),
            changes.Now,
            changes.Verdicts.ConvertAll(verdict => verdict.Patient).ToArray()
        );

    private static void WriteLedger(NpgsqlBatch batch, Changes changes, MatchingDb db) =>
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
            changes.Ledger.Select(entry => entry.DecisionId).ToArray(),
            changes.Ledger.Select(entry => entry.EncounterId).ToArray(),
            changes.Ledger.Select(entry => entry.EncounterVersion).ToArray(),
            changes.Ledger.Select(entry => entry.CouncilCode).ToArray(),
            changes.Ledger.Select(entry => entry.Outcome.ToString()).ToArray(),
            changes.Ledger.Select(entry => entry.Late).ToArray(),
            changes.Ledger.Select(entry => entry.RuleVersion).ToArray(),
            changes.Ledger.Select(entry => entry.Evidence).ToArray(),
            changes.Ledger.Select(entry => db.Seal(MatchingDb.DecidedBy, entry.DecidedBy)).ToArray(),
            changes
                .Ledger.Select(entry =>
                    entry.DecidedBy is null ? entry.Reason : db.Seal(MatchingDb.DecisionReason, entry.Reason)
                )
                .ToArray(),
            DateOnly.FromDateTime(changes.Now.UtcDateTime),
            changes.Now
        );

    private static void WriteCompared(NpgsqlBatch batch, Changes changes)
    {
        batch.Add(
            "DELETE FROM matching.shadow_difference WHERE encounter_id = ANY($1)",
            changes.Compared.Keys.ToArray()
        );
        var differences = changes.Compared.Values.SelectMany(of => of).ToList();
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
            changes.Now
        );
    }

    private static void WriteMatches(NpgsqlBatch batch, Changes changes) =>
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
            changes.Matches.Select(match => match.EncounterId).ToArray(),
            changes.Matches.Select(match => match.CouncilCode).ToArray(),
            changes.Matches.Select(match => match.Version).ToArray(),
            changes.Matches.Select(match => match.Matched).ToArray(),
            changes.Matches.Select(match => match.Plans).ToArray(),
            changes.Matches.Select(match => match.Certainty).ToArray(),
            changes.Matches.Select(match => match.RuleVersion).ToArray(),
            changes.Matches.Select(match => match.Late).ToArray()
        );

    private static void WriteFollowed(NpgsqlBatch batch, Changes changes) =>
        batch.Add(
            """
            INSERT INTO matching.review_encounter (encounter_id, council_code, review_id, joined_at)
            SELECT news.encounter_id, news.council_code, member.review_id, $4
            FROM unnest($1::uuid[], $2::text[], $3::uuid[]) AS news (encounter_id, council_code, decided_of)
            JOIN matching.review_member AS member
                ON member.encounter_id = news.decided_of AND member.council_code = news.council_code
            ON CONFLICT DO NOTHING
            """,
            changes.Followed.ConvertAll(one => one.Encounter).ToArray(),
            changes.Followed.ConvertAll(one => one.Verdict.CouncilCode).ToArray(),
            changes.Followed.ConvertAll(one => one.Verdict.EncounterId).ToArray(),
            changes.Now
        );

    private static void WriteReviews(NpgsqlBatch batch, Changes changes) =>
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
                -- A question asked again is nobody's; one that is only changed stays with whoever has it.
                claim_id = CASE WHEN review.raised_at = excluded.raised_at THEN review.claim_id END,
                claimed_by = CASE WHEN review.raised_at = excluded.raised_at THEN review.claimed_by END,
                claimed_until = CASE WHEN review.raised_at = excluded.raised_at
                    AND excluded.state = 'open' THEN review.claimed_until END,
                opinion = CASE WHEN review.raised_at = excluded.raised_at THEN review.opinion END,
                opinion_by = CASE WHEN review.raised_at = excluded.raised_at THEN review.opinion_by END,
                escalated_at = CASE WHEN review.raised_at = excluded.raised_at THEN review.escalated_at END
            """,
            changes.Reviews.Values.Select(review => review.ReviewId).ToArray(),
            changes.Reviews.Values.Select(review => review.EncounterId).ToArray(),
            changes.Reviews.Values.Select(review => review.CouncilCode).ToArray(),
            changes.Reviews.Values.Select(review => review.Version).ToArray(),
            changes.Reviews.Values.Select(review => review.State.ToString().ToLowerInvariant()).ToArray(),
            changes.Reviews.Values.Select(review => Sql.Array(review.PlanIds)).ToArray(),
            changes.Reviews.Values.Select(review => review.Evidence).ToArray(),
            changes.Reviews.Values.Select(review => review.Posterior).ToArray(),
            changes.Reviews.Values.Select(review => review.RuleVersion).ToArray(),
            changes.Reviews.Values.Select(review => review.RaisedAt).ToArray(),
            changes.Reviews.Values.Select(review => review.ClosedAt).ToArray(),
            changes.Reviews.Values.Select(review => review.Patient).ToArray()
        );
}
