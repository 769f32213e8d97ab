using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Safeguarding.Matching.Storage.Migrations;

/// <summary>The same patient asked about again joins the open question; and which versions of the rules have decided.</summary>
[DbContext(typeof(MatchingDb))]
[Migration("20261128181000_Joined_reviews")]
internal sealed class Joined_reviews : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) =>
        migrationBuilder.Sql(
            """
            -- A MAC of how the patient was written down, as in verdict.
            ALTER TABLE matching.review ADD COLUMN patient bigint;
            CREATE INDEX ix_review_open_patient ON matching.review (patient) WHERE state = 'open' AND patient IS NOT NULL;

            -- Encounters that joined a question which another had raised (review.encounter_id).
            CREATE TABLE matching.review_encounter (
                encounter_id uuid NOT NULL,
                council_code text NOT NULL,
                review_id uuid NOT NULL,
                joined_at timestamptz NOT NULL,
                PRIMARY KEY (encounter_id, council_code)
            );
            CREATE INDEX ix_review_encounter_review_id ON matching.review_encounter (review_id);

            -- Every encounter of every question. A question of its own comes first: a replica of the release before
            -- knows of no other.
            CREATE VIEW matching.review_member AS
            SELECT review_id, encounter_id, council_code, '-infinity'::timestamptz AS joined_at FROM matching.review
            UNION ALL
            SELECT review_id, encounter_id, council_code, joined_at FROM matching.review_encounter AS joined
            WHERE NOT EXISTS (
                SELECT FROM matching.review AS own
                WHERE own.encounter_id = joined.encounter_id AND own.council_code = joined.council_code);

            -- In the order in which they were first run: what an earlier one asked is decided again by a later one.
            CREATE TABLE matching.rule_version (
                version text PRIMARY KEY,
                number bigint GENERATED ALWAYS AS IDENTITY
            );
            """
        );
}
