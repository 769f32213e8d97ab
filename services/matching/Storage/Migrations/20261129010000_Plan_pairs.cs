using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Safeguarding.Matching.Storage.Migrations;

/// <summary>Plans of one child that two councils have, so that each pair is told once.</summary>
[DbContext(typeof(MatchingDb))]
[Migration("20261129010000_Plan_pairs")]
internal sealed class Plan_pairs : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) =>
        migrationBuilder.Sql(
            """
            CREATE TABLE matching.plan_pair (
                pair_id uuid PRIMARY KEY,
                registered_plan_id uuid NOT NULL,
                held_plan_id uuid NOT NULL,
                registered_by text NOT NULL,
                registered_at timestamptz NOT NULL
            );
            CREATE UNIQUE INDEX ix_plan_pair_plans ON matching.plan_pair
                (least(registered_plan_id, held_plan_id), greatest(registered_plan_id, held_plan_id));
            CREATE INDEX ix_plan_pair_registered_at ON matching.plan_pair (registered_at);
            """
        );
}
