using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Safeguarding.Matching.Storage.Migrations;

/// <summary>A change that was followed for a year and is held today has waited since today.</summary>
[DbContext(typeof(MatchingDb))]
[Migration("20261126110000_Number_changes_held")]
public sealed class Number_changes_held : Migration
{
    /// <inheritdoc/>
    protected override void Up(MigrationBuilder migrationBuilder) =>
        migrationBuilder.Sql("ALTER TABLE matching.number_change ADD COLUMN held_at timestamptz");
}
