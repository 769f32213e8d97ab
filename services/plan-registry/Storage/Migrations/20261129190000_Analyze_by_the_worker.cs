using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Safeguarding.PlanRegistry.Storage.Migrations;

/// <summary>Statistics are the owner's to renew, and the worker role owns nothing.</summary>
[DbContext(typeof(PlanRegistryDb))]
[Migration("20261129190000_Analyze_by_the_worker")]
internal sealed class Analyze_by_the_worker : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) =>
        migrationBuilder.Sql(
            """
            CREATE FUNCTION plan_registry.analyze(relation name) RETURNS void
                LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS
                $$ BEGIN EXECUTE format('ANALYZE plan_registry.%I', relation); END $$;
            """
        );

    protected override void Down(MigrationBuilder migrationBuilder) =>
        migrationBuilder.Sql("DROP FUNCTION plan_registry.analyze;");
}
