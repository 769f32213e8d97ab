using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Safeguarding.PlanRegistry.Storage.Migrations;

/// <summary>Uses of break-glass, each kept with its verdict.</summary>
[DbContext(typeof(PlanRegistryDb))]
[Migration("20261129070000_Break_glass")]
internal sealed class Break_glass : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) =>
        migrationBuilder.Sql(
            """
            CREATE TABLE plan_registry.break_glass_use (
                id uuid CONSTRAINT pk_break_glass_use PRIMARY KEY,
                organisation text NOT NULL,
                person text NOT NULL,
                role text NOT NULL,
                nhs_number_mac bytea NOT NULL,
                reason text NOT NULL,
                at timestamp with time zone NOT NULL,
                until timestamp with time zone NOT NULL,
                second_person text,
                second_at timestamp with time zone,
                verdict text,
                judged_by text,
                judged_at timestamp with time zone,
                note text
            );
            CREATE INDEX ix_break_glass_use_organisation_id ON plan_registry.break_glass_use (organisation, id);
            CREATE INDEX ix_break_glass_use_person_until ON plan_registry.break_glass_use (person, until);
            """
        );

    protected override void Down(MigrationBuilder migrationBuilder) =>
        migrationBuilder.Sql("DROP TABLE plan_registry.break_glass_use;");
}
