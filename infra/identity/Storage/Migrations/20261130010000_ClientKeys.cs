using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Safeguarding.Identity.Storage.Migrations;

/// <summary>Keys that organisations register themselves, and when each key of a client was last used.</summary>
[DbContext(typeof(IdentityDb))]
[Migration("20261130010000_ClientKeys")]
public sealed class ClientKeys : Migration
{
    /// <inheritdoc/>
    protected override void Up(MigrationBuilder migrationBuilder) =>
        migrationBuilder.Sql(
            """
            CREATE TABLE identity.client_key (
                client_id text NOT NULL, kid text NOT NULL, organisation text NOT NULL, jwk text,
                added_at timestamptz, ends_at timestamptz,
                CONSTRAINT pk_client_key PRIMARY KEY (client_id, kid));
            CREATE TABLE identity.client_key_use (
                client_id text NOT NULL, kid text NOT NULL, used_at timestamptz NOT NULL,
                CONSTRAINT pk_client_key_use PRIMARY KEY (client_id, kid));
            """
        );

    /// <inheritdoc/>
    protected override void Down(MigrationBuilder migrationBuilder) =>
        migrationBuilder.Sql("DROP TABLE identity.client_key_use; DROP TABLE identity.client_key");
}
