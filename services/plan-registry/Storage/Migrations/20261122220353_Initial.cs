using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Safeguarding.PlanRegistry.Storage.Migrations
{
    /// <inheritdoc />
    public partial class Initial : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.EnsureSchema(
                name: "plan_registry");

            migrationBuilder.CreateTable(
                name: "audit_record",
                schema: "plan_registry",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    organisation = table.Column<string>(type: "text", nullable: false),
                    client_id = table.Column<string>(type: "text", nullable: false),
                    act = table.Column<string>(type: "text", nullable: false),
                    subject = table.Column<Guid>(type: "uuid", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_audit_record", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "council",
                schema: "plan_registry",
                columns: table => new
                {
                    code = table.Column<string>(type: "text", nullable: false),
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    version = table.Column<long>(type: "bigint", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false),
                    office_phone = table.Column<string>(type: "text", nullable: false),
                    emergency_duty_phone = table.Column<string>(type: "text", nullable: false),
                    office_hours = table.Column<string>(type: "jsonb", nullable: false),
                    bank_holidays = table.Column<DateOnly[]>(type: "date[]", nullable: false),
                    changed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_council", x => x.code);
                });

            migrationBuilder.CreateTable(
                name: "inbox",
                schema: "plan_registry",
                columns: table => new
                {
                    consumer = table.Column<string>(type: "text", nullable: false),
                    event_id = table.Column<Guid>(type: "uuid", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_inbox", x => new { x.consumer, x.event_id });
                });

            migrationBuilder.CreateTable(
                name: "outbox",
                schema: "plan_registry",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    event_type = table.Column<string>(type: "text", nullable: false),
                    body = table.Column<byte[]>(type: "bytea", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    awaiting = table.Column<string[]>(type: "text[]", nullable: false),
                    next_attempt_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    attempts = table.Column<int>(type: "integer", nullable: false),
                    sent_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_outbox", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "parked_message",
                schema: "plan_registry",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    consumer = table.Column<string>(type: "text", nullable: false),
                    event_type = table.Column<string>(type: "text", nullable: true),
                    event_id = table.Column<Guid>(type: "uuid", nullable: true),
                    body = table.Column<byte[]>(type: "bytea", nullable: false),
                    reason = table.Column<string>(type: "text", nullable: false),
                    exception_type = table.Column<string>(type: "text", nullable: true),
                    parked_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    replayed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_parked_message", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "plan",
                schema: "plan_registry",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    council_code = table.Column<string>(type: "text", nullable: false),
                    reference = table.Column<string>(type: "text", nullable: false),
                    version = table.Column<long>(type: "bigint", nullable: false),
                    kind = table.Column<string>(type: "text", nullable: false),
                    start_date = table.Column<DateOnly>(type: "date", nullable: false),
                    end_date = table.Column<DateOnly>(type: "date", nullable: true),
                    expected_date = table.Column<DateOnly>(type: "date", nullable: true),
                    subject = table.Column<byte[]>(type: "bytea", nullable: true),
                    subject_key_id = table.Column<string>(type: "text", nullable: true),
                    nhs_number_mac = table.Column<byte[]>(type: "bytea", nullable: true),
                    facts_mac = table.Column<byte[]>(type: "bytea", nullable: true),
                    has_mother = table.Column<bool>(type: "boolean", nullable: false),
                    registered_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    changed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    changed_by_upload = table.Column<Guid>(type: "uuid", nullable: true),
                    deleted_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_plan", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "upload",
                schema: "plan_registry",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    council_code = table.Column<string>(type: "text", nullable: false),
                    client_id = table.Column<string>(type: "text", nullable: false),
                    sequence = table.Column<long>(type: "bigint", nullable: false),
                    mode = table.Column<string>(type: "text", nullable: false),
                    dry_run = table.Column<bool>(type: "boolean", nullable: false),
                    format = table.Column<string>(type: "text", nullable: false),
                    received_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    state = table.Column<string>(type: "text", nullable: false),
                    content_hash = table.Column<byte[]>(type: "bytea", nullable: true),
                    finished_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    decided_by = table.Column<string>(type: "text", nullable: true),
                    failure_code = table.Column<string>(type: "text", nullable: true),
                    failure_words = table.Column<string>(type: "text", nullable: true),
                    attempts = table.Column<int>(type: "integer", nullable: false),
                    lines = table.Column<int>(type: "integer", nullable: false),
                    lines_done = table.Column<int>(type: "integer", nullable: false),
                    last_line = table.Column<int>(type: "integer", nullable: false),
                    registered = table.Column<int>(type: "integer", nullable: false),
                    amended = table.Column<int>(type: "integer", nullable: false),
                    ended = table.Column<int>(type: "integer", nullable: false),
                    deleted = table.Column<int>(type: "integer", nullable: false),
                    unchanged = table.Column<int>(type: "integer", nullable: false),
                    not_kept = table.Column<int>(type: "integer", nullable: false),
                    refused = table.Column<int>(type: "integer", nullable: false),
                    unreadable = table.Column<int>(type: "integer", nullable: false),
                    running = table.Column<int>(type: "integer", nullable: false),
                    missing = table.Column<int>(type: "integer", nullable: false),
                    missing_ended = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_upload", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "upload_ending",
                schema: "plan_registry",
                columns: table => new
                {
                    upload_id = table.Column<Guid>(type: "uuid", nullable: false),
                    reference = table.Column<string>(type: "text", nullable: false),
                    plan_id = table.Column<Guid>(type: "uuid", nullable: false),
                    plan_version = table.Column<long>(type: "bigint", nullable: false),
                    done = table.Column<bool>(type: "boolean", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_upload_ending", x => new { x.upload_id, x.reference });
                    table.ForeignKey(
                        name: "fk_upload_ending_upload_upload_id",
                        column: x => x.upload_id,
                        principalSchema: "plan_registry",
                        principalTable: "upload",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "upload_line",
                schema: "plan_registry",
                columns: table => new
                {
                    upload_id = table.Column<Guid>(type: "uuid", nullable: false),
                    line = table.Column<int>(type: "integer", nullable: false),
                    deed = table.Column<string>(type: "text", nullable: false),
                    reference = table.Column<string>(type: "text", nullable: true),
                    reference_is_sure = table.Column<bool>(type: "boolean", nullable: false),
                    kind = table.Column<string>(type: "text", nullable: true),
                    start_date = table.Column<DateOnly>(type: "date", nullable: true),
                    end_date = table.Column<DateOnly>(type: "date", nullable: true),
                    expected_date = table.Column<DateOnly>(type: "date", nullable: true),
                    subject = table.Column<byte[]>(type: "bytea", nullable: true),
                    subject_key_id = table.Column<string>(type: "text", nullable: true),
                    nhs_number_mac = table.Column<byte[]>(type: "bytea", nullable: true),
                    facts_mac = table.Column<byte[]>(type: "bytea", nullable: true),
                    has_mother = table.Column<bool>(type: "boolean", nullable: false),
                    speaks_of_mother = table.Column<bool>(type: "boolean", nullable: false),
                    outcome = table.Column<string>(type: "text", nullable: true),
                    faults = table.Column<string>(type: "jsonb", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_upload_line", x => new { x.upload_id, x.line });
                    table.ForeignKey(
                        name: "fk_upload_line_uploads_upload_id",
                        column: x => x.upload_id,
                        principalSchema: "plan_registry",
                        principalTable: "upload",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "ix_audit_record_subject",
                schema: "plan_registry",
                table: "audit_record",
                column: "subject");

            migrationBuilder.CreateIndex(
                name: "ix_outbox_next_attempt_at",
                schema: "plan_registry",
                table: "outbox",
                column: "next_attempt_at");

            migrationBuilder.CreateIndex(
                name: "ix_outbox_unsent",
                schema: "plan_registry",
                table: "outbox",
                column: "created_at",
                filter: "sent_at IS NULL");

            migrationBuilder.CreateIndex(
                name: "ix_parked_message_waiting",
                schema: "plan_registry",
                table: "parked_message",
                column: "parked_at",
                filter: "replayed_at IS NULL");

            migrationBuilder.CreateIndex(
                name: "ix_plan_council_code_nhs_number_mac",
                schema: "plan_registry",
                table: "plan",
                columns: new[] { "council_code", "nhs_number_mac" },
                filter: "nhs_number_mac IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_plan_council_code_reference",
                schema: "plan_registry",
                table: "plan",
                columns: new[] { "council_code", "reference" },
                unique: true,
                filter: "deleted_at IS NULL");

            migrationBuilder.CreateIndex(
                name: "ix_plan_council_code_reference_deleted_at",
                schema: "plan_registry",
                table: "plan",
                columns: new[] { "council_code", "reference", "deleted_at" },
                filter: "deleted_at IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_upload_council_code_sequence",
                schema: "plan_registry",
                table: "upload",
                columns: new[] { "council_code", "sequence" },
                unique: true,
                filter: "NOT dry_run AND state <> 'Failed'");

            migrationBuilder.CreateIndex(
                name: "ix_upload_state_received_at",
                schema: "plan_registry",
                table: "upload",
                columns: new[] { "state", "received_at" });

            migrationBuilder.CreateIndex(
                name: "ix_upload_line_upload_id_reference",
                schema: "plan_registry",
                table: "upload_line",
                columns: new[] { "upload_id", "reference" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "audit_record",
                schema: "plan_registry");

            migrationBuilder.DropTable(
                name: "council",
                schema: "plan_registry");

            migrationBuilder.DropTable(
                name: "inbox",
                schema: "plan_registry");

            migrationBuilder.DropTable(
                name: "outbox",
                schema: "plan_registry");

            migrationBuilder.DropTable(
                name: "parked_message",
                schema: "plan_registry");

            migrationBuilder.DropTable(
                name: "plan",
                schema: "plan_registry");

            migrationBuilder.DropTable(
                name: "upload_ending",
                schema: "plan_registry");

            migrationBuilder.DropTable(
                name: "upload_line",
                schema: "plan_registry");

            migrationBuilder.DropTable(
                name: "upload",
                schema: "plan_registry");
        }
    }
}
