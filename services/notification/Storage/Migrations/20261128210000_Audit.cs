using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Safeguarding.Hosting.Audit;

namespace Safeguarding.Notification.Storage.Migrations;

[DbContext(typeof(NotificationDb))]
[Migration("20261128210000_Audit")]
internal sealed class Audit : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.CreateAuditTables("notification");

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.DropAuditTables("notification");
}
