using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Safeguarding.Hosting.Audit;

namespace Safeguarding.PlanRegistry.Storage.Migrations;

[DbContext(typeof(PlanRegistryDb))]
[Migration("20261129051000_Audit_retention")]
internal sealed class Audit_retention : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) =>
        migrationBuilder.AddAuditRetention("plan_registry");
}
