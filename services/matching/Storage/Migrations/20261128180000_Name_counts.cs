using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Safeguarding.Matching.Storage.Migrations;

/// <summary>How common names are among who attends, learned from the encounters of the retention window.</summary>
[DbContext(typeof(MatchingDb))]
[Migration("20261128180000_Name_counts")]
public sealed class Name_counts : Migration
{
    /// <inheritdoc/>
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
        """
        -- Keyed MACs, by which one person is counted once, and of the names that are counted. They go with the day.
        ALTER TABLE matching.encounter_fact ADD COLUMN bearer bigint, ADD COLUMN names bigint[] NOT NULL DEFAULT '{}';

        -- By keyed MAC of a name, how many people bear it; only of names that five or more bear.
        CREATE TABLE matching.name_bearers (mac bigint PRIMARY KEY, people integer NOT NULL);

        -- The count that these are of; one row, or none before the first.
        CREATE TABLE matching.name_count (
            one boolean PRIMARY KEY DEFAULT true CHECK (one),
            version bigint NOT NULL,
            people bigint NOT NULL
        );
        """);
}
