using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Safeguarding.Messaging.Inbox;

namespace Safeguarding.PlanRegistry.Storage.Migrations;

[DbContext(typeof(PlanRegistryDb))]
[Migration("20261126110000_Parked_once")]
internal sealed class Parked_once : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.ParkMessagesOnce("plan_registry");

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.ParkMessagesAgain("plan_registry");
}
