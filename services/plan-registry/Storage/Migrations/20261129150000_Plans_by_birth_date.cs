using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Safeguarding.PlanRegistry.Storage.Migrations;

/// <summary>Plans are found by a MAC of the birth date; those that are there are keyed by the service.</summary>
[DbContext(typeof(PlanRegistryDb))]
[Migration("20261129150000_Plans_by_birth_date")]
internal sealed class Plans_by_birth_date : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) =>
        migrationBuilder.Sql(
            """
            ALTER TABLE plan_registry.plan ADD COLUMN birth_date_mac bytea,
                ADD COLUMN keyed_version bigint NOT NULL DEFAULT 0;
            CREATE INDEX ix_plan_birth_date_mac ON plan_registry.plan (birth_date_mac) WHERE birth_date_mac IS NOT NULL;
            """
        );

    protected override void Down(MigrationBuilder migrationBuilder) =>
        migrationBuilder.Sql("ALTER TABLE plan_registry.plan DROP COLUMN birth_date_mac, DROP COLUMN keyed_version;");
}
