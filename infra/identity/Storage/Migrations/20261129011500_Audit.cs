using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Safeguarding.Hosting.Audit;

namespace Safeguarding.Identity.Storage.Migrations;

/// <summary>Who got a token, who signed in and out, and who was refused.</summary>
[DbContext(typeof(IdentityDb))]
[Migration("20261129011500_Audit")]
public sealed class Audit : Migration
{
    /// <inheritdoc/>
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.Sql(
            """
            CREATE TABLE identity.audit_record (
                id uuid NOT NULL CONSTRAINT pk_audit_record PRIMARY KEY, at timestamptz NOT NULL,
                organisation text NOT NULL, client_id text NOT NULL, act text NOT NULL, subject uuid NOT NULL,
                reason text, request_id text, correlation_id text);
            CREATE INDEX ix_audit_record_subject ON identity.audit_record (subject);
            """
        );
        migrationBuilder.CreateAuditTables("identity");
    }

    /// <inheritdoc/>
    protected override void Down(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.DropAuditTables("identity");
        migrationBuilder.Sql("DROP TABLE identity.audit_record");
    }
}
