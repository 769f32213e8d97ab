using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Safeguarding.PlanRegistry.Storage.Migrations;

/// <summary>Plans that their council has restricted.</summary>
[DbContext(typeof(PlanRegistryDb))]
[Migration("20261126100000_Restricted_plans")]
internal sealed class Restricted_plans : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.AddColumn<bool>("restricted", "plan", "boolean", schema: "plan_registry", nullable: false, defaultValue: false);
        migrationBuilder.AddColumn<bool>("restricted", "upload_line", "boolean", schema: "plan_registry", nullable: true);
    }

    protected override void Down(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.DropColumn("restricted", "plan", "plan_registry");
        migrationBuilder.DropColumn("restricted", "upload_line", "plan_registry");
    }
}
