using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Safeguarding.PlanRegistry.Storage.Migrations;

/// <summary>Which change of a number a plan's mark is of, in which version: a change can be taken back.</summary>
[DbContext(typeof(PlanRegistryDb))]
[Migration("20261126102000_Number_change_versions")]
internal sealed class Number_change_versions : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.AddColumn<Guid>("number_change_id", "plan", "uuid", schema: "plan_registry", nullable: true);
        migrationBuilder.AddColumn<long>("number_change_version", "plan", "bigint", schema: "plan_registry", nullable: false, defaultValue: 0L);
    }

    protected override void Down(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.DropColumn("number_change_id", "plan", "plan_registry");
        migrationBuilder.DropColumn("number_change_version", "plan", "plan_registry");
    }
}
