using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Safeguarding.Notification.Storage.Migrations
{
    /// <inheritdoc />
    public partial class Channels : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<bool>(
                name: "awaits_handshake",
                schema: "notification",
                table: "subscription",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<string>(
                name: "channel",
                schema: "notification",
                table: "subscription",
                type: "text",
                nullable: false,
                defaultValue: "webhook");

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "ends_at",
                schema: "notification",
                table: "subscription",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "failing_outcome",
                schema: "notification",
                table: "subscription",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "failing_since",
                schema: "notification",
                table: "subscription",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "headers_key_id",
                schema: "notification",
                table: "subscription",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<byte[]>(
                name: "headers_value",
                schema: "notification",
                table: "subscription",
                type: "bytea",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "heartbeat_seconds",
                schema: "notification",
                table: "subscription",
                type: "integer",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "last_event_number",
                schema: "notification",
                table: "subscription",
                type: "bigint",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<string>(
                name: "link",
                schema: "notification",
                table: "subscription",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "next_heartbeat_at",
                schema: "notification",
                table: "subscription",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<string[]>(
                name: "private_networks",
                schema: "notification",
                table: "subscription",
                type: "text[]",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "private_networks_host",
                schema: "notification",
                table: "subscription",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "reported_at",
                schema: "notification",
                table: "subscription",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "reported_failing_since",
                schema: "notification",
                table: "subscription",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<bool>(
                name: "standby",
                schema: "notification",
                table: "subscription",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AlterColumn<Guid>(
                name: "alert_id",
                schema: "notification",
                table: "delivery",
                type: "uuid",
                nullable: true,
                oldClrType: typeof(Guid),
                oldType: "uuid");

            migrationBuilder.AddColumn<long>(
                name: "event_number",
                schema: "notification",
                table: "delivery",
                type: "bigint",
                nullable: true);

            migrationBuilder.AddColumn<bool>(
                name: "offered_elsewhere",
                schema: "notification",
                table: "delivery",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            migrationBuilder.CreateTable(
                name: "endpoint_report",
                schema: "notification",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    subscription_id = table.Column<Guid>(type: "uuid", nullable: false),
                    council_code = table.Column<string>(type: "text", nullable: false),
                    failing_since = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    outcome = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_endpoint_report", x => x.id);
                });

            migrationBuilder.CreateIndex(
                name: "ix_delivery_attempt_at",
                schema: "notification",
                table: "delivery_attempt",
                column: "at")
                .Annotation("Npgsql:IndexMethod", "brin");

            migrationBuilder.CreateIndex(
                name: "ix_delivery_subscription_id_event_number",
                schema: "notification",
                table: "delivery",
                columns: new[] { "subscription_id", "event_number" },
                unique: true,
                filter: "event_number IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_delivery_to_offer",
                schema: "notification",
                table: "delivery",
                column: "id",
                filter: "state = 'Parked' AND NOT offered_elsewhere");

            migrationBuilder.CreateIndex(
                name: "ix_endpoint_report_council_code_id",
                schema: "notification",
                table: "endpoint_report",
                columns: new[] { "council_code", "id" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "endpoint_report",
                schema: "notification");

            migrationBuilder.DropIndex(
                name: "ix_delivery_attempt_at",
                schema: "notification",
                table: "delivery_attempt");

            migrationBuilder.DropIndex(
                name: "ix_delivery_subscription_id_event_number",
                schema: "notification",
                table: "delivery");

            migrationBuilder.DropIndex(
                name: "ix_delivery_to_offer",
                schema: "notification",
                table: "delivery");

            migrationBuilder.DropColumn(
                name: "awaits_handshake",
                schema: "notification",
                table: "subscription");

            migrationBuilder.DropColumn(
                name: "channel",
                schema: "notification",
                table: "subscription");

            migrationBuilder.DropColumn(
                name: "ends_at",
                schema: "notification",
                table: "subscription");

            migrationBuilder.DropColumn(
                name: "failing_outcome",
                schema: "notification",
                table: "subscription");

            migrationBuilder.DropColumn(
                name: "failing_since",
                schema: "notification",
                table: "subscription");

            migrationBuilder.DropColumn(
                name: "headers_key_id",
                schema: "notification",
                table: "subscription");

            migrationBuilder.DropColumn(
                name: "headers_value",
                schema: "notification",
                table: "subscription");

            migrationBuilder.DropColumn(
                name: "heartbeat_seconds",
                schema: "notification",
                table: "subscription");

            migrationBuilder.DropColumn(
                name: "last_event_number",
                schema: "notification",
                table: "subscription");

            migrationBuilder.DropColumn(
                name: "link",
                schema: "notification",
                table: "subscription");

            migrationBuilder.DropColumn(
                name: "next_heartbeat_at",
                schema: "notification",
                table: "subscription");

            migrationBuilder.DropColumn(
                name: "private_networks",
                schema: "notification",
                table: "subscription");

            migrationBuilder.DropColumn(
                name: "private_networks_host",
                schema: "notification",
                table: "subscription");

            migrationBuilder.DropColumn(
                name: "reported_at",
                schema: "notification",
                table: "subscription");

            migrationBuilder.DropColumn(
                name: "reported_failing_since",
                schema: "notification",
                table: "subscription");

            migrationBuilder.DropColumn(
                name: "standby",
                schema: "notification",
                table: "subscription");

            migrationBuilder.DropColumn(
                name: "event_number",
                schema: "notification",
                table: "delivery");

            migrationBuilder.DropColumn(
                name: "offered_elsewhere",
                schema: "notification",
                table: "delivery");

            migrationBuilder.AlterColumn<Guid>(
                name: "alert_id",
                schema: "notification",
                table: "delivery",
                type: "uuid",
                nullable: false,
                defaultValue: new Guid("00000000-0000-0000-0000-000000000000"),
                oldClrType: typeof(Guid),
                oldType: "uuid",
                oldNullable: true);
        }
    }
}
