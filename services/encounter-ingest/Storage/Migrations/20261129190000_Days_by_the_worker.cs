using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Safeguarding.Hosting.Storage;

namespace Safeguarding.EncounterIngest.Storage.Migrations;

/// <summary>The worker role, which owns nothing, makes and drops days.</summary>
[DbContext(typeof(EncounterIngestDb))]
[Migration("20261129190000_Days_by_the_worker")]
internal sealed class Days_by_the_worker : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) =>
        migrationBuilder.CreateDayFunctions("encounter_ingest", " 00:00:00+00", "encounter_version");

    protected override void Down(MigrationBuilder migrationBuilder) =>
        migrationBuilder.DropDayFunctions("encounter_ingest");
}
