using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using NpgsqlTypes;
using Safeguarding.Messaging.Storage;

namespace Safeguarding.Operations.Sources;

/// <summary>Who sent how much in which hour. Counts of a source, nothing of what was sent.</summary>
internal sealed class SourceStore(NpgsqlDataSource source, IServiceScopeFactory scopes)
{
    private readonly string _schema = scopes.SchemaOfService();

    public async Task AddAsync(
        IReadOnlyDictionary<string, (int Arrivals, DateTimeOffset Last)> seen,
        CancellationToken cancellationToken
    )
    {
        // In one order, so that two replicas wait for each other and never in a circle.
        var rows = seen.OrderBy(row => row.Key, StringComparer.Ordinal).ToList();
        await using var command = source.CreateCommand(
            $"""
            WITH seen AS (SELECT * FROM unnest(@organisation, @arrivals, @last) AS seen (organisation, arrivals, last)),
            known AS (
                INSERT INTO {_schema}.source AS known (organisation, first_at, last_at) SELECT organisation, last, last
                    FROM seen
                ON CONFLICT (organisation) DO UPDATE SET last_at = greatest(known.last_at, excluded.last_at))
            INSERT INTO {_schema}.source_hour AS held (organisation, hour, arrivals)
            SELECT organisation, date_trunc('hour', last, 'UTC'), arrivals FROM seen
            ON CONFLICT (organisation, hour) DO UPDATE SET arrivals = held.arrivals + excluded.arrivals
            """
        );
        command.Parameters.Add(
            new NpgsqlParameter("organisation", NpgsqlDbType.Array | NpgsqlDbType.Text)
            {
                Value = rows.ConvertAll(row => row.Key).ToArray(),
            }
        );
        command.Parameters.Add(
            new NpgsqlParameter("arrivals", NpgsqlDbType.Array | NpgsqlDbType.Integer)
            {
                Value = rows.ConvertAll(row => row.Value.Arrivals).ToArray(),
            }
        );
        command.Parameters.Add(
            new NpgsqlParameter("last", NpgsqlDbType.Array | NpgsqlDbType.TimestampTz)
            {
                Value = rows.ConvertAll(row => row.Value.Last).ToArray(),
            }
        );
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public async Task<List<(string Organisation, DateTimeOffset First, DateTimeOffset Last)>> ListAsync(
        CancellationToken cancellationToken
    )
    {
        await using var command = source.CreateCommand(
            $"SELECT organisation, first_at, last_at FROM {_schema}.source ORDER BY organisation"
        );
        var sources = new List<(string, DateTimeOffset, DateTimeOffset)>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            sources.Add(
                (reader.GetString(0), reader.GetFieldValue<DateTimeOffset>(1), reader.GetFieldValue<DateTimeOffset>(2))
            );
        }

        return sources;
    }

    /// <summary>The arrivals by hour since then; older ones are forgotten.</summary>
    public async Task<Dictionary<string, Dictionary<DateTimeOffset, int>>> HoursAsync(
        DateTimeOffset since,
        CancellationToken cancellationToken
    )
    {
        await using var purge = source.CreateCommand($"DELETE FROM {_schema}.source_hour WHERE hour < @since");
        purge.Parameters.AddWithValue("since", since);
        await purge.ExecuteNonQueryAsync(cancellationToken);
        await using var command = source.CreateCommand(
            $"SELECT organisation, hour, arrivals FROM {_schema}.source_hour"
        );
        var hours = new Dictionary<string, Dictionary<DateTimeOffset, int>>(StringComparer.Ordinal);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            if (!hours.TryGetValue(reader.GetString(0), out var own))
                hours[reader.GetString(0)] = own = [];
            own[reader.GetFieldValue<DateTimeOffset>(1)] = reader.GetInt32(2);
        }

        return hours;
    }
}

/// <summary>The tables of a service that watches its sources, for its migration.</summary>
public static class SourceTables
{
    /// <summary>Makes them.</summary>
    public static void CreateSourceTables(this MigrationBuilder migration, string schema) =>
        migration.Sql(
            $"""
            CREATE TABLE {schema}.source (organisation text PRIMARY KEY, first_at timestamptz NOT NULL,
                last_at timestamptz NOT NULL);
            CREATE TABLE {schema}.source_hour (
                organisation text NOT NULL, hour timestamptz NOT NULL, arrivals integer NOT NULL,
                    PRIMARY KEY (organisation, hour));
            """
        );

    /// <summary>Drops them.</summary>
    public static void DropSourceTables(this MigrationBuilder migration, string schema) =>
        migration.Sql($"DROP TABLE {schema}.source, {schema}.source_hour;");
}
