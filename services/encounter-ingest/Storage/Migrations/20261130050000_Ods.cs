using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Safeguarding.EncounterIngest.Storage.Migrations;

/// <summary>Organisations and sites of the Organisation Data Service, from its published file.</summary>
[DbContext(typeof(EncounterIngestDb))]
[Migration("20261130050000_Ods")]
internal sealed class Ods : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.CreateTable(
            "ods_organisation",
            table => new
            {
                code = table.Column<string>("text"),
                name = table.Column<string>("text"),
                kind = table.Column<string>("text"),
                operated_by = table.Column<string>("text", nullable: true),
                is_active = table.Column<bool>("boolean"),
                opened_on = table.Column<DateOnly>("date", nullable: true),
                closed_on = table.Column<DateOnly>("date", nullable: true),
                successors = table.Column<string[]>("text[]"),
            },
            "encounter_ingest",
            table => table.PrimaryKey("pk_ods_organisation", row => row.code)
        );
        migrationBuilder.CreateTable(
            "ods_release",
            table => new
            {
                is_current = table.Column<bool>("boolean"),
                id = table.Column<Guid>("uuid"),
                published_on = table.Column<DateOnly>("date", nullable: true),
                loaded_at = table.Column<DateTimeOffset>("timestamp with time zone"),
            },
            "encounter_ingest",
            table =>
            {
                table.PrimaryKey("pk_ods_release", row => row.is_current);
                table.CheckConstraint("ck_ods_release_is_current", "is_current");
            }
        );
    }

    protected override void Down(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.DropTable("ods_release", "encounter_ingest");
        migrationBuilder.DropTable("ods_organisation", "encounter_ingest");
    }
}
