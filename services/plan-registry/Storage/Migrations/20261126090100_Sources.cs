using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Safeguarding.Operations.Sources;

namespace Safeguarding.PlanRegistry.Storage.Migrations;

[DbContext(typeof(PlanRegistryDb))]
[Migration("20261126090100_Sources")]
internal sealed class Sources : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.CreateSourceTables("plan_registry");

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.DropSourceTables("plan_registry");
}
