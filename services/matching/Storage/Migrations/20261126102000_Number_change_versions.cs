using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Safeguarding.Matching.Storage.Migrations;

/// <summary>A change of a number can be taken back after it was told: what is told of it has a version.</summary>
[DbContext(typeof(MatchingDb))]
[Migration("20261126102000_Number_change_versions")]
public sealed class Number_change_versions : Migration
{
    /// <inheritdoc/>
    protected override void Up(MigrationBuilder migrationBuilder) =>
        migrationBuilder.Sql("ALTER TABLE matching.number_change ADD COLUMN version bigint NOT NULL DEFAULT 1");
}
