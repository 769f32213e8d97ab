using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Safeguarding.Messaging.Inbox;

namespace Safeguarding.EncounterIngest.Storage.Migrations;

[DbContext(typeof(EncounterIngestDb))]
[Migration("20261126110000_Parked_once")]
internal sealed class Parked_once : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.ParkMessagesOnce("encounter_ingest");

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.ParkMessagesAgain("encounter_ingest");
}
