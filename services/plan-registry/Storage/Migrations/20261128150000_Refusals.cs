using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Safeguarding.Operations.Refusals;

namespace Safeguarding.PlanRegistry.Storage.Migrations;

[DbContext(typeof(PlanRegistryDb))]
[Migration("20261128150000_Refusals")]
internal sealed class Refusals : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) =>
        migrationBuilder.CreateRefusalTables("plan_registry");

    protected override void Down(MigrationBuilder migrationBuilder) =>
        migrationBuilder.DropRefusalTables("plan_registry");
}
