using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Safeguarding.Operations.Sources;

namespace Safeguarding.EncounterIngest.Storage.Migrations;

[DbContext(typeof(EncounterIngestDb))]
[Migration("20261126090100_Sources")]
internal sealed class Sources : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.CreateSourceTables("encounter_ingest");

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.DropSourceTables("encounter_ingest");
}
