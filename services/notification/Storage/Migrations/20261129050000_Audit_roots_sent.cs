using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Safeguarding.Notification.Storage.Migrations;

[DbContext(typeof(NotificationDb))]
[Migration("20261129050000_Audit_roots_sent")]
internal sealed class Audit_roots_sent : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) =>
        migrationBuilder.Sql(
            "CREATE TABLE notification.audit_root_sent (service text PRIMARY KEY, number bigint NOT NULL);"
        );
}
