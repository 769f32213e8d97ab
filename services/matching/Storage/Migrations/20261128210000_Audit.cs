using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Safeguarding.Hosting.Audit;

namespace Safeguarding.Matching.Storage.Migrations;

[DbContext(typeof(MatchingDb))]
[Migration("20261128210000_Audit")]
internal sealed class Audit : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.CreateAuditTables("matching");

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.DropAuditTables("matching");
}
