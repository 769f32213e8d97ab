using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Safeguarding.Matching.Storage.Migrations;

[DbContext(typeof(MatchingDb))]
[Migration("20261128094500_Request_ids")]
internal sealed class Request_ids : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.AddColumn<string>("request_id", "audit_record", "text", schema: "matching", nullable: true);
        migrationBuilder.AddColumn<string>("correlation_id", "audit_record", "text", schema: "matching", nullable: true);
    }

    protected override void Down(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.DropColumn("correlation_id", "audit_record", "matching");
        migrationBuilder.DropColumn("request_id", "audit_record", "matching");
    }
}
