using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Safeguarding.Matching.Storage.Migrations;

[DbContext(typeof(MatchingDb))]
[Migration("20261125220000_AuditReasons")]
internal sealed class AuditReasons : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) =>
        migrationBuilder.AddColumn<string>("reason", "audit_record", "text", schema: "matching", nullable: true);

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.DropColumn("reason", "audit_record", "matching");
}
