using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Safeguarding.Hosting.Audit;

namespace Safeguarding.PlanRegistry.Storage.Migrations;

[DbContext(typeof(PlanRegistryDb))]
[Migration("20261128210000_Audit")]
internal sealed class Audit : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.CreateAuditTables("plan_registry");

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.DropAuditTables("plan_registry");
}
