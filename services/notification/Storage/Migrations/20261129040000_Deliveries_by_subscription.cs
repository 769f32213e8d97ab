using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Safeguarding.Notification.Storage.Migrations;

/// <summary>A council pages through what went to one of its endpoints.</summary>
[DbContext(typeof(NotificationDb))]
[Migration("20261129040000_Deliveries_by_subscription")]
internal sealed class Deliveries_by_subscription : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) =>
        migrationBuilder.Sql(
            "CREATE INDEX ix_delivery_subscription_id_id ON notification.delivery (subscription_id, id)"
        );

    protected override void Down(MigrationBuilder migrationBuilder) =>
        migrationBuilder.Sql("DROP INDEX notification.ix_delivery_subscription_id_id");
}
