using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Safeguarding.Hosting.Audit;

namespace Safeguarding.EncounterIngest.Storage.Migrations;

[DbContext(typeof(EncounterIngestDb))]
[Migration("20261128210000_Audit")]
internal sealed class Audit : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.CreateAuditTables("encounter_ingest");

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.DropAuditTables("encounter_ingest");
}
