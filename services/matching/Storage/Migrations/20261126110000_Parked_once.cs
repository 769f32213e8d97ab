using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Safeguarding.Messaging.Inbox;

namespace Safeguarding.Matching.Storage.Migrations;

[DbContext(typeof(MatchingDb))]
[Migration("20261126110000_Parked_once")]
internal sealed class Parked_once : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.ParkMessagesOnce("matching");

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.ParkMessagesAgain("matching");
}
