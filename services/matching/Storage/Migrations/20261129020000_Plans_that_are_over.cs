using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Safeguarding.Matching.Storage.Migrations;

/// <summary>Finds the plans whose subjects are to be erased.</summary>
[DbContext(typeof(MatchingDb))]
[Migration("20261129020000_Plans_that_are_over")]
internal sealed class Plans_that_are_over : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) =>
        migrationBuilder.Sql(
            "CREATE INDEX ix_plan_over ON matching.plan (end_date) WHERE end_date IS NOT NULL AND subject IS NOT NULL"
        );
}
