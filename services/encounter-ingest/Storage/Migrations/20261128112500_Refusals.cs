using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Safeguarding.Operations.Refusals;

namespace Safeguarding.EncounterIngest.Storage.Migrations;

[DbContext(typeof(EncounterIngestDb))]
[Migration("20261128112500_Refusals")]
internal sealed class Refusals : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.CreateRefusalTables("encounter_ingest");

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.DropRefusalTables("encounter_ingest");
}
