using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Safeguarding.EncounterIngest.Storage.Migrations;

[DbContext(typeof(EncounterIngestDb))]
[Migration("20261125220000_AuditReasons")]
internal sealed class AuditReasons : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) =>
        migrationBuilder.AddColumn<string>("reason", "audit_record", "text", schema: "encounter_ingest", nullable: true);

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.DropColumn("reason", "audit_record", "encounter_ingest");
}
