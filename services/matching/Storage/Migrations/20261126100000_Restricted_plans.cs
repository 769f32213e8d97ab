using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Safeguarding.Matching.Storage.Migrations;

/// <summary>Plans that their council has restricted, and the changes of numbers that are held for one.</summary>
[DbContext(typeof(MatchingDb))]
[Migration("20261126100000_Restricted_plans")]
public sealed class Restricted_plans : Migration
{
    /// <inheritdoc/>
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
        """
        ALTER TABLE matching.plan ADD COLUMN restricted boolean NOT NULL DEFAULT false;
        ALTER TABLE matching.number_change ADD COLUMN restricted_plan boolean NOT NULL DEFAULT false;
        """);
}
