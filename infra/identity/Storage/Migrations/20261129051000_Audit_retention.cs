using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Safeguarding.Hosting.Audit;

namespace Safeguarding.Identity.Storage.Migrations;

/// <summary>Old audit records go.</summary>
[DbContext(typeof(IdentityDb))]
[Migration("20261129051000_Audit_retention")]
public sealed class Audit_retention : Migration
{
    /// <inheritdoc/>
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.AddAuditRetention("identity");
}
