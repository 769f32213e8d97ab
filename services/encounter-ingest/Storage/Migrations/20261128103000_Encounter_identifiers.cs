using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Safeguarding.EncounterIngest.Storage.Migrations;

/// <summary>
/// Every identifier finds its encounter. What is stored has one each, and is copied; what the previous release stores while it
/// still runs beside this one is found by the column it writes, which therefore stays.
/// </summary>
[DbContext(typeof(EncounterIngestDb))]
[Migration("20261128103000_Encounter_identifiers")]
internal sealed class Encounter_identifiers : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.AddColumn<byte[]>("identifier_marks", "encounter", "bytea", schema: "encounter_ingest", nullable: true);
        migrationBuilder.CreateTable(
            "encounter_identifier",
            table => new
            {
                identifier_mac = table.Column<byte[]>("bytea"),
                organisation = table.Column<string>("text"),
                encounter_id = table.Column<Guid>("uuid"),
                shared = table.Column<bool>("boolean", nullable: false, defaultValue: false),
            },
            "encounter_ingest",
            table => table.PrimaryKey("pk_encounter_identifier", row => new { row.identifier_mac, row.organisation }));
        migrationBuilder.Sql("""
            INSERT INTO encounter_ingest.encounter_identifier (identifier_mac, organisation, encounter_id)
            SELECT identifier_mac, organisation, id FROM encounter_ingest.encounter
            """);
    }

    protected override void Down(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.DropTable("encounter_identifier", "encounter_ingest");
        migrationBuilder.DropColumn("identifier_marks", "encounter", "encounter_ingest");
    }
}
