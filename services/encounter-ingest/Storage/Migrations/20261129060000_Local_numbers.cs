using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Safeguarding.EncounterIngest.Storage.Migrations;

/// <summary>The trusts' own numbers of patients, as keyed digests: what is said of a patient without a visit finds their encounters by them.</summary>
[DbContext(typeof(EncounterIngestDb))]
[Migration("20261129060000_Local_numbers")]
internal sealed class Local_numbers : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.CreateTable(
            "local_number",
            table => new
            {
                number_mac = table.Column<byte[]>("bytea"),
                encounter_id = table.Column<Guid>("uuid"),
                received_at = table.Column<DateTimeOffset>("timestamp with time zone"),
            },
            "encounter_ingest",
            table => table.PrimaryKey("pk_local_number", row => new { row.number_mac, row.encounter_id }));
        migrationBuilder.CreateIndex("ix_local_number_encounter_id", "local_number", "encounter_id", "encounter_ingest");
        migrationBuilder.CreateIndex("ix_local_number_received_at", "local_number", "received_at", "encounter_ingest");
    }

    protected override void Down(MigrationBuilder migrationBuilder) =>
        migrationBuilder.DropTable("local_number", "encounter_ingest");
}
