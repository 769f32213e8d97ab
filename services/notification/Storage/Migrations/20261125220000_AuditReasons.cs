using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Safeguarding.Notification.Storage.Migrations;

[DbContext(typeof(NotificationDb))]
[Migration("20261125220000_AuditReasons")]
internal sealed class AuditReasons : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) =>
        migrationBuilder.AddColumn<string>("reason", "audit_record", "text", schema: "notification", nullable: true);

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.DropColumn("reason", "audit_record", "notification");
}
