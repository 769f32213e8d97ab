using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Safeguarding.PlanRegistry.Storage.Migrations;

/// <summary>What an upload does to running plans, what of it waits for its council, and by when its receiver was last heard of.</summary>
[DbContext(typeof(PlanRegistryDb))]
[Migration("20261128100000_Effect_of_uploads")]
internal sealed class Effect_of_uploads : Migration
{
    private const string Schema = "plan_registry";
    private static readonly string[] Counts = ["skipped", "warned", "held", "lines_assessed", "identity_changes", "line_endings", "line_deletions"];

    protected override void Up(MigrationBuilder migrationBuilder)
    {
        foreach (var count in Counts)
            migrationBuilder.AddColumn<int>(count, "upload", "integer", schema: Schema, nullable: false, defaultValue: 0);
        migrationBuilder.AddColumn<bool>("number_released", "upload", "boolean", schema: Schema, nullable: false, defaultValue: false);
        migrationBuilder.AddColumn<DateTimeOffset>("waiting_since", "upload", "timestamp with time zone", schema: Schema, nullable: true);
        migrationBuilder.AddColumn<DateTimeOffset>("heard_at", "upload", "timestamp with time zone", schema: Schema, nullable: true);
        migrationBuilder.AddColumn<byte[]>("name_mac", "upload_line", "bytea", schema: Schema, nullable: true);
        migrationBuilder.Sql("UPDATE plan_registry.upload SET waiting_since = received_at WHERE state = 'AwaitingConfirmation'");
        // What was begun before is not counted afterwards: its lines hold no persons any more.
        migrationBuilder.Sql("UPDATE plan_registry.upload SET lines_assessed = 2147483647 WHERE state NOT IN ('Receiving', 'Queued')");
        // Superseded uploads had no end, and so the lines of their reports were never forgotten.
        migrationBuilder.Sql("UPDATE plan_registry.upload SET finished_at = received_at WHERE state = 'Superseded' AND finished_at IS NULL");
        Numbers(migrationBuilder, "NOT dry_run AND NOT number_released AND state <> 'Failed'");
        migrationBuilder.CreateIndex("ix_upload_council_code_id", "upload", ["council_code", "id"], Schema);
    }

    protected override void Down(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.DropIndex("ix_upload_council_code_id", "upload", Schema);
        Numbers(migrationBuilder, "NOT dry_run AND state <> 'Failed'");
        migrationBuilder.DropColumn("name_mac", "upload_line", Schema);
        foreach (var column in Counts.Append("number_released").Append("waiting_since").Append("heard_at"))
            migrationBuilder.DropColumn(column, "upload", Schema);
    }

    private static void Numbers(MigrationBuilder migrationBuilder, string filter)
    {
        migrationBuilder.DropIndex("ix_upload_council_code_sequence", "upload", Schema);
        migrationBuilder.CreateIndex("ix_upload_council_code_sequence", "upload", ["council_code", "sequence"], Schema, unique: true, filter: filter);
    }
}
