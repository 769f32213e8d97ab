using System;
using System.Collections.Generic;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Safeguarding.Notification.Storage.Migrations
{
    /// <inheritdoc />
    public partial class Escalation : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<int>(
                name: "attendances",
                schema: "notification",
                table: "alert",
                type: "integer",
                nullable: false,
                defaultValue: 1);

            migrationBuilder.AddColumn<long>(
                name: "attended_version",
                schema: "notification",
                table: "alert",
                type: "bigint",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<string>(
                name: "because",
                schema: "notification",
                table: "alert",
                type: "jsonb",
                nullable: false,
                defaultValue: "[]");

            migrationBuilder.AddColumn<string>(
                name: "earlier",
                schema: "notification",
                table: "alert",
                type: "jsonb",
                nullable: false,
                defaultValue: "[]");

            migrationBuilder.AddColumn<string>(
                name: "grade",
                schema: "notification",
                table: "alert",
                type: "text",
                nullable: false,
                defaultValue: "Standard");

            migrationBuilder.AddColumn<Guid>(
                name: "grouped_into",
                schema: "notification",
                table: "alert",
                type: "uuid",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "noise_rules",
                schema: "notification",
                table: "alert",
                type: "bigint",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "opened_at",
                schema: "notification",
                table: "alert",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "overdue_at",
                schema: "notification",
                table: "alert",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<Guid>(
                name: "shown_encounter_id",
                schema: "notification",
                table: "alert",
                type: "uuid",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "sites",
                schema: "notification",
                table: "alert",
                type: "integer",
                nullable: false,
                defaultValue: 1);

            migrationBuilder.CreateTable(
                name: "escalation_policy",
                schema: "notification",
                columns: table => new
                {
                    council_code = table.Column<string>(type: "text", nullable: false),
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    version = table.Column<long>(type: "bigint", nullable: false),
                    document = table.Column<string>(type: "jsonb", nullable: false),
                    changed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_escalation_policy", x => x.council_code);
                });

            migrationBuilder.CreateTable(
                name: "escalation_step",
                schema: "notification",
                columns: table => new
                {
                    alert_id = table.Column<Guid>(type: "uuid", nullable: false),
                    round = table.Column<long>(type: "bigint", nullable: false),
                    number = table.Column<int>(type: "integer", nullable: false),
                    council_code = table.Column<string>(type: "text", nullable: false),
                    after_minutes = table.Column<int>(type: "integer", nullable: false),
                    due_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    to = table.Column<string>(type: "jsonb", nullable: false),
                    state = table.Column<string>(type: "text", nullable: false),
                    ended_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    sent_to = table.Column<List<Guid>>(type: "uuid[]", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_escalation_step", x => new { x.alert_id, x.round, x.number });
                });

            migrationBuilder.CreateTable(
                name: "noise_rule_set",
                schema: "notification",
                columns: table => new
                {
                    council_code = table.Column<string>(type: "text", nullable: false),
                    version = table.Column<long>(type: "bigint", nullable: false),
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    rules = table.Column<string>(type: "jsonb", nullable: false),
                    made_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    made_by = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_noise_rule_set", x => new { x.council_code, x.version });
                });

            migrationBuilder.CreateTable(
                name: "plan_attendance",
                schema: "notification",
                columns: table => new
                {
                    council_code = table.Column<string>(type: "text", nullable: false),
                    plan_id = table.Column<Guid>(type: "uuid", nullable: false),
                    role = table.Column<string>(type: "text", nullable: false),
                    encounter_id = table.Column<Guid>(type: "uuid", nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    site_key_id = table.Column<string>(type: "text", nullable: false),
                    site_value = table.Column<byte[]>(type: "bytea", nullable: false),
                    left_before_seen = table.Column<bool>(type: "boolean", nullable: false),
                    alert_id = table.Column<Guid>(type: "uuid", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_plan_attendance", x => new { x.council_code, x.plan_id, x.role, x.encounter_id });
                });

            migrationBuilder.CreateIndex(
                name: "ix_alert_open",
                schema: "notification",
                table: "alert",
                columns: new[] { "council_code", "overdue_at" },
                filter: "state IN ('Raised', 'Delivered')");

            migrationBuilder.CreateIndex(
                name: "ix_escalation_step_due",
                schema: "notification",
                table: "escalation_step",
                column: "due_at",
                filter: "state = 'Waiting'");

            migrationBuilder.CreateIndex(
                name: "ix_plan_attendance_at",
                schema: "notification",
                table: "plan_attendance",
                column: "at");

            migrationBuilder.CreateIndex(
                name: "ix_plan_attendance_encounter_id_council_code",
                schema: "notification",
                table: "plan_attendance",
                columns: new[] { "encounter_id", "council_code" });

            // What is open already is overdue when it would have been, and its history says so.
            migrationBuilder.Sql("""
                UPDATE notification.alert SET opened_at = raised_at, overdue_at = raised_at + interval '15 minutes' WHERE raised_at IS NOT NULL;
                INSERT INTO notification.escalation_step (alert_id, round, number, council_code, after_minutes, due_at, "to", state, sent_to)
                SELECT id, version, 0, council_code, 15, overdue_at, '[]', 'Waiting', '{}' FROM notification.alert WHERE state IN ('Raised', 'Delivered');
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "escalation_policy",
                schema: "notification");

            migrationBuilder.DropTable(
                name: "escalation_step",
                schema: "notification");

            migrationBuilder.DropTable(
                name: "noise_rule_set",
                schema: "notification");

            migrationBuilder.DropTable(
                name: "plan_attendance",
                schema: "notification");

            migrationBuilder.DropIndex(
                name: "ix_alert_open",
                schema: "notification",
                table: "alert");

            migrationBuilder.DropColumn(
                name: "attendances",
                schema: "notification",
                table: "alert");

            migrationBuilder.DropColumn(
                name: "attended_version",
                schema: "notification",
                table: "alert");

            migrationBuilder.DropColumn(
                name: "because",
                schema: "notification",
                table: "alert");

            migrationBuilder.DropColumn(
                name: "earlier",
                schema: "notification",
                table: "alert");

            migrationBuilder.DropColumn(
                name: "grade",
                schema: "notification",
                table: "alert");

            migrationBuilder.DropColumn(
                name: "grouped_into",
                schema: "notification",
                table: "alert");

            migrationBuilder.DropColumn(
                name: "noise_rules",
                schema: "notification",
                table: "alert");

            migrationBuilder.DropColumn(
                name: "opened_at",
                schema: "notification",
                table: "alert");

            migrationBuilder.DropColumn(
                name: "overdue_at",
                schema: "notification",
                table: "alert");

            migrationBuilder.DropColumn(
                name: "shown_encounter_id",
                schema: "notification",
                table: "alert");

            migrationBuilder.DropColumn(
                name: "sites",
                schema: "notification",
                table: "alert");
        }
    }
}
