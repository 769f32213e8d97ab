using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Safeguarding.Matching.Storage.Migrations;

/// <summary>Reviews can be claimed and fall due; what reviewers did is added to a ledger; a decision is remembered for the patient.</summary>
[DbContext(typeof(MatchingDb))]
[Migration("20261125230000_Review_queue")]
public sealed class Review_queue : Migration
{
    /// <inheritdoc/>
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
        """
        ALTER TABLE matching.review
            ADD COLUMN claim_id uuid,
            ADD COLUMN claimed_by text,
            ADD COLUMN claimed_until timestamptz,
            ADD COLUMN opinion text,
            ADD COLUMN opinion_by text,
            ADD COLUMN escalated_at timestamptz,
            -- The likelier, the sooner. By way of UTC, because only that is the same at all times.
            ADD COLUMN due_at timestamptz NOT NULL GENERATED ALWAYS AS (
                (raised_at AT TIME ZONE 'UTC' + CASE WHEN posterior >= 0.5 THEN interval '4 hours' ELSE interval '24 hours' END) AT TIME ZONE 'UTC') STORED;
        DROP INDEX matching.ix_review_open;
        CREATE INDEX ix_review_open ON matching.review (council_code, due_at) WHERE state = 'open';
        CREATE INDEX ix_review_due ON matching.review (due_at) WHERE state = 'open';

        -- What was done to reviews: opinions, decisions, undoings, escalations. Only ever added to.
        CREATE TABLE matching.review_act (
            act_id uuid PRIMARY KEY,
            review_id uuid NOT NULL,
            council_code text NOT NULL,
            deed text NOT NULL,
            verdict text,
            reviewer text,
            reason text,
            posterior double precision NOT NULL,
            raised_at timestamptz NOT NULL,
            at timestamptz NOT NULL
        );
        CREATE INDEX ix_review_act_review_id ON matching.review_act (review_id);
        CREATE INDEX ix_review_act_council ON matching.review_act (council_code, at);

        -- A MAC of how the patient was written down: the same patient under the same plan is not asked about at the next attendance.
        ALTER TABLE matching.verdict ADD COLUMN patient bigint;
        CREATE INDEX ix_verdict_patient ON matching.verdict (patient) WHERE patient IS NOT NULL;
        """);
}
