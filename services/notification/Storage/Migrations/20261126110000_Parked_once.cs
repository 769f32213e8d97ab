using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Safeguarding.Messaging.Inbox;

namespace Safeguarding.Notification.Storage.Migrations;

[DbContext(typeof(NotificationDb))]
[Migration("20261126110000_Parked_once")]
internal sealed class Parked_once : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.ParkMessagesOnce("notification");

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.ParkMessagesAgain("notification");
}
