using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Safeguarding.PlanRegistry.Storage.Migrations;

/// <summary>When the NHS number on a plan was superseded.</summary>
[DbContext(typeof(PlanRegistryDb))]
[Migration("20261125234000_Number_superseded")]
public sealed class Number_superseded : Migration
{
    /// <inheritdoc/>
    protected override void Up(MigrationBuilder migrationBuilder) =>
        migrationBuilder.AddColumn<DateTimeOffset>("number_superseded_at", "plan", "timestamp with time zone", schema: "plan_registry", nullable: true);

    /// <inheritdoc/>
    protected override void Down(MigrationBuilder migrationBuilder) =>
        migrationBuilder.DropColumn("number_superseded_at", "plan", "plan_registry");
}
