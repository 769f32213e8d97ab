using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Safeguarding.EncounterIngest.Storage.Migrations;

[DbContext(typeof(EncounterIngestDb))]
[Migration("20261126090000_Outbox_bodies")]
internal sealed class Outbox_bodies : Migration
{
    // Most of a body is sealed, so compressing it costs time and gains nothing.
    protected override void Up(MigrationBuilder migrationBuilder) =>
        migrationBuilder.Sql("ALTER TABLE encounter_ingest.outbox ALTER COLUMN body SET STORAGE EXTERNAL");

    protected override void Down(MigrationBuilder migrationBuilder) =>
        migrationBuilder.Sql("ALTER TABLE encounter_ingest.outbox ALTER COLUMN body SET STORAGE EXTENDED");
}
