using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Safeguarding.PlanRegistry.Storage.Migrations;

/// <summary>What a refused line said, sealed, for a day.</summary>
[DbContext(typeof(PlanRegistryDb))]
[Migration("20261129090000_Lines_as_sent")]
internal sealed class Lines_as_sent : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) =>
        migrationBuilder.Sql("ALTER TABLE plan_registry.upload_line ADD COLUMN sent bytea, ADD COLUMN sent_key_id text;");

    protected override void Down(MigrationBuilder migrationBuilder) =>
        migrationBuilder.Sql("ALTER TABLE plan_registry.upload_line DROP COLUMN sent, DROP COLUMN sent_key_id;");
}
