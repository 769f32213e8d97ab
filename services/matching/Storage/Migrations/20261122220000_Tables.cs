using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Safeguarding.Matching.Storage.Migrations;

/// <summary>The service's own tables, from <c>tables.sql</c>.</summary>
[DbContext(typeof(MatchingDb))]
[Migration("20261122220000_Tables")]
public sealed class Tables : Migration
{
    /// <inheritdoc/>
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        using var sql = typeof(Tables).Assembly.GetManifestResourceStream("Safeguarding.Matching.Storage.tables.sql")!;
        using var reader = new StreamReader(sql);
        migrationBuilder.Sql(reader.ReadToEnd());
    }
}
