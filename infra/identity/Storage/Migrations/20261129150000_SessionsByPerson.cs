using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Safeguarding.Identity.Storage.Migrations;

/// <summary>Whose a session is, so that it can be found and ended.</summary>
[DbContext(typeof(IdentityDb))]
[Migration("20261129150000_SessionsByPerson")]
public sealed class SessionsByPerson : Migration
{
    /// <inheritdoc/>
    protected override void Up(MigrationBuilder migrationBuilder) =>
        migrationBuilder.Sql(
            "ALTER TABLE identity.session ADD COLUMN subject text, ADD COLUMN organisation text, ADD COLUMN role text"
        );

    /// <inheritdoc/>
    protected override void Down(MigrationBuilder migrationBuilder) =>
        migrationBuilder.Sql(
            "ALTER TABLE identity.session DROP COLUMN subject, DROP COLUMN organisation, DROP COLUMN role"
        );
}
