using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Safeguarding.Notification.Storage.Migrations;

[DbContext(typeof(NotificationDb))]
[Migration("20261128094500_Request_ids")]
internal sealed class Request_ids : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.AddColumn<string>("request_id", "audit_record", "text", schema: "notification", nullable: true);
        migrationBuilder.AddColumn<string>("correlation_id", "audit_record", "text", schema: "notification", nullable: true);
    }

    protected override void Down(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.DropColumn("correlation_id", "audit_record", "notification");
        migrationBuilder.DropColumn("request_id", "audit_record", "notification");
    }
}
