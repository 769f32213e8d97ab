using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Safeguarding.PlanRegistry.Storage.Migrations;

/// <summary>Who sent or confirmed an upload, where it was a person.</summary>
[DbContext(typeof(PlanRegistryDb))]
[Migration("20261129160000_Uploads_of_a_person")]
internal sealed class Uploads_of_a_person : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) =>
        migrationBuilder.Sql("ALTER TABLE plan_registry.upload ADD COLUMN person jsonb;");

    protected override void Down(MigrationBuilder migrationBuilder) =>
        migrationBuilder.Sql("ALTER TABLE plan_registry.upload DROP COLUMN person;");
}
