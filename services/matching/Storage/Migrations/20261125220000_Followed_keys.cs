using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Safeguarding.Matching.Storage.Migrations;

/// <summary>
/// Block keys beside their plan and their encounter, with a change number that indexes in memory follow. An encounter's keys are one value
/// of its row; the row each that they had before goes.
/// </summary>
[DbContext(typeof(MatchingDb))]
[Migration("20261125220000_Followed_keys")]
public sealed class Followed_keys : Migration
{
    /// <inheritdoc/>
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
        """
        CREATE SEQUENCE matching.plan_change;
        ALTER TABLE matching.plan ADD COLUMN change bigint NOT NULL DEFAULT nextval('matching.plan_change'), ADD COLUMN keys bigint[];
        ALTER TABLE matching.plan ALTER COLUMN keys SET STORAGE PLAIN;
        UPDATE matching.plan SET keys = held.keys
        FROM (SELECT plan_id, array_agg(mac) AS keys FROM matching.plan_key GROUP BY plan_id) held WHERE held.plan_id = plan.plan_id;
        CREATE INDEX ix_plan_change ON matching.plan (change);

        CREATE SEQUENCE matching.encounter_change;
        ALTER TABLE matching.encounter_fact
            ADD COLUMN change bigint NOT NULL DEFAULT nextval('matching.encounter_change'), ADD COLUMN keys bigint[] NOT NULL DEFAULT '{}';
        UPDATE matching.encounter_fact SET keys = held.keys
        FROM (SELECT encounter_id, array_agg(DISTINCT mac) AS keys FROM matching.encounter_key GROUP BY encounter_id) held
        WHERE held.encounter_id = encounter_fact.encounter_id;
        CREATE INDEX ix_encounter_fact_change ON matching.encounter_fact (change);
        DROP TABLE matching.encounter_key;
        """);
}
