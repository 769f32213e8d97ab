using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Safeguarding.Notification.Storage.Migrations;

[DbContext(typeof(NotificationDb))]
[Migration("20261125220100_Replays")]
internal sealed class Replays : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.CreateTable(
            name: "replay",
            schema: "notification",
            columns: table => new
            {
                id = table.Column<Guid>(type: "uuid", nullable: false),
                asked_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                organisation = table.Column<string>(type: "text", nullable: false),
                client_id = table.Column<string>(type: "text", nullable: false),
                reason = table.Column<string>(type: "text", nullable: false),
                window_from = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                window_until = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                council_code = table.Column<string>(type: "text", nullable: true),
                subscription_id = table.Column<Guid>(type: "uuid", nullable: true),
                states = table.Column<List<string>>(type: "text[]", nullable: false),
                deliveries = table.Column<int>(type: "integer", nullable: false),
                per_minute = table.Column<int>(type: "integer", nullable: false),
                stopped_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                stopped_by = table.Column<string>(type: "text", nullable: true),
            },
            constraints: table => table.PrimaryKey("pk_replay", x => x.id));
        migrationBuilder.CreateTable(
            name: "replayed_delivery",
            schema: "notification",
            columns: table => new
            {
                replay_id = table.Column<Guid>(type: "uuid", nullable: false),
                delivery_id = table.Column<Guid>(type: "uuid", nullable: false),
                former_state = table.Column<string>(type: "text", nullable: false),
                due_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
            },
            constraints: table => table.PrimaryKey("pk_replayed_delivery", x => new { x.replay_id, x.delivery_id }));
        migrationBuilder.CreateIndex(
            "ix_replayed_delivery_delivery_id_due_at", "replayed_delivery", ["delivery_id", "due_at"], "notification");
    }

    protected override void Down(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.DropTable("replayed_delivery", "notification");
        migrationBuilder.DropTable("replay", "notification");
    }
}
