using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Safeguarding.PlanRegistry.Storage.Migrations;

/// <summary>The history of look-ups in unscheduled care, and an index that finds a child's plans of all councils.</summary>
[DbContext(typeof(PlanRegistryDb))]
[Migration("20261129010000_Lookups")]
internal sealed class Lookups : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) =>
        migrationBuilder.Sql(
            """
            CREATE TABLE plan_registry.lookup (
                id uuid CONSTRAINT pk_lookup PRIMARY KEY,
                at timestamp with time zone NOT NULL,
                nhs_number_mac bytea NOT NULL,
                organisation text NOT NULL,
                role text NOT NULL,
                viewer text NOT NULL,
                counts boolean NOT NULL,
                plan_ids uuid[] NOT NULL,
                councils text[] NOT NULL
            );
            CREATE INDEX ix_lookup_nhs_number_mac_at ON plan_registry.lookup (nhs_number_mac, at);
            CREATE INDEX ix_lookup_councils ON plan_registry.lookup USING gin (councils);
            CREATE INDEX ix_plan_nhs_number_mac ON plan_registry.plan (nhs_number_mac) WHERE nhs_number_mac IS NOT NULL;
            """
        );

    protected override void Down(MigrationBuilder migrationBuilder) =>
        migrationBuilder.Sql("DROP TABLE plan_registry.lookup; DROP INDEX plan_registry.ix_plan_nhs_number_mac;");
}
