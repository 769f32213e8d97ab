using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Safeguarding.Notification.Storage.Migrations;

[DbContext(typeof(NotificationDb))]
[Migration("20261128110000_Endpoint_epochs")]
internal sealed class Endpoint_epochs : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.AddColumn<long>("endpoint_epoch", "subscription", "bigint", schema: "notification", nullable: false, defaultValue: 0L);
        migrationBuilder.AddColumn<DateTimeOffset>("waiting_sent_at", "subscription", "timestamp with time zone", schema: "notification", nullable: true);
        migrationBuilder.AddColumn<string>("former_secrets", "subscription", "jsonb", schema: "notification", nullable: false, defaultValue: "[]");
        migrationBuilder.Sql("""
            UPDATE notification.subscription SET former_secrets = jsonb_build_array(jsonb_build_object(
                'keyId', former_secret_key_id, 'value', replace(encode(former_secret_value, 'base64'), E'\n', ''), 'until', former_secret_until))
            WHERE former_secret_key_id IS NOT NULL AND former_secret_value IS NOT NULL AND former_secret_until IS NOT NULL
            """);
        migrationBuilder.DropColumn("former_secret_key_id", "subscription", "notification");
        migrationBuilder.DropColumn("former_secret_value", "subscription", "notification");
        migrationBuilder.DropColumn("former_secret_until", "subscription", "notification");
        // What a deleted subscription has left behind, and handshakes that were parked and would have come back never.
        migrationBuilder.Sql("""
            UPDATE notification.delivery SET state = 'Cancelled', ended_at = coalesce(ended_at, now())
            WHERE state IN ('Waiting', 'Parked') AND NOT EXISTS (SELECT FROM notification.subscription WHERE id = subscription_id);
            UPDATE notification.delivery SET state = 'Waiting', ended_at = NULL
            FROM notification.subscription
            WHERE subscription.id = subscription_id AND awaits_handshake AND event_type = 'handshake' AND delivery.state = 'Parked'
            """);
    }

    protected override void Down(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.AddColumn<string>("former_secret_key_id", "subscription", "text", schema: "notification", nullable: true);
        migrationBuilder.AddColumn<byte[]>("former_secret_value", "subscription", "bytea", schema: "notification", nullable: true);
        migrationBuilder.AddColumn<DateTimeOffset>("former_secret_until", "subscription", "timestamp with time zone", schema: "notification", nullable: true);
        migrationBuilder.Sql("""
            UPDATE notification.subscription SET former_secret_key_id = former_secrets -> 0 ->> 'keyId',
                former_secret_value = decode(former_secrets -> 0 ->> 'value', 'base64'), former_secret_until = (former_secrets -> 0 ->> 'until')::timestamptz
            WHERE former_secrets <> '[]'
            """);
        migrationBuilder.DropColumn("former_secrets", "subscription", "notification");
        migrationBuilder.DropColumn("waiting_sent_at", "subscription", "notification");
        migrationBuilder.DropColumn("endpoint_epoch", "subscription", "notification");
    }
}
