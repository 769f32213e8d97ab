using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Safeguarding.Notification.Storage.Migrations;

[DbContext(typeof(NotificationDb))]
[Migration("20261126200000_Room_for_claims")]
internal sealed class Room_for_claims : Migration
{
    // Each delivery is claimed before it ends. Where its page has room for that version, no index hears of it.
    protected override void Up(MigrationBuilder migrationBuilder) =>
        migrationBuilder.Sql("ALTER TABLE notification.delivery SET (fillfactor = 50)");

    protected override void Down(MigrationBuilder migrationBuilder) =>
        migrationBuilder.Sql("ALTER TABLE notification.delivery RESET (fillfactor)");
}
