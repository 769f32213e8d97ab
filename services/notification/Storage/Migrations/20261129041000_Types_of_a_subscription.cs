using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Safeguarding.Notification.Storage.Migrations;

/// <summary>A subscription may take some types of events only.</summary>
[DbContext(typeof(NotificationDb))]
[Migration("20261129041000_Types_of_a_subscription")]
internal sealed class Types_of_a_subscription : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) =>
        migrationBuilder.Sql("ALTER TABLE notification.subscription ADD COLUMN types text[]");

    protected override void Down(MigrationBuilder migrationBuilder) =>
        migrationBuilder.Sql("ALTER TABLE notification.subscription DROP COLUMN types");
}
