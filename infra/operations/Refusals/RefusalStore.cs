using System.Globalization;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using NpgsqlTypes;
using Safeguarding.Messaging.Storage;

namespace Safeguarding.Operations.Refusals;

/// <summary>What a refusal is counted under.</summary>
internal readonly record struct RefusalCount(string Organisation, DateTimeOffset Hour, string Code);

/// <summary>Which refusals an organisation asks for.</summary>
internal sealed record RefusalQuery(
    string Organisation,
    Guid? After,
    int Limit,
    string? Code,
    DateTimeOffset? From,
    DateTimeOffset? To,
    bool OpenOnly
);

/// <summary>The rows of what was refused, and how many were refused in which hour.</summary>
internal sealed class RefusalStore(NpgsqlDataSource source, IServiceScopeFactory scopes)
{
    private readonly string _schema = scopes.SchemaOfService();

    /// <summary>Writes rows and counts in one transaction, then closes what was accepted.</summary>
    public async Task WriteAsync(
        IReadOnlyList<(Guid Id, DateTimeOffset At, RefusedItem Item)> rows,
        IReadOnlyDictionary<RefusalCount, int> counts,
        IReadOnlyList<(DateTimeOffset At, byte[] Subject)> accepted,
        CancellationToken cancellationToken
    )
    {
        await using var batch = source.CreateBatch();
        foreach (var (id, at, item) in rows)
        {
            batch.Add(
                $"""
                INSERT INTO {_schema}.refusal (id, organisation, at, door, code, path, request_id, subjects)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (id) DO NOTHING
                """,
                id,
                item.Organisation,
                at,
                item.Route,
                item.Code,
                Sql.Value(NpgsqlDbType.Text, item.Path),
                Sql.Value(NpgsqlDbType.Text, item.RequestId),
                Sql.Column(NpgsqlDbType.Bytea, item.Subjects)
            );
        }

        // In one order, so that two replicas wait for each other and never in a circle.
        foreach (
            var (count, refused) in counts
                .OrderBy(one => one.Key.Organisation, StringComparer.Ordinal)
                .ThenBy(one => one.Key.Hour)
                .ThenBy(one => one.Key.Code, StringComparer.Ordinal)
        )
        {
            batch.Add(
                $"""
                INSERT INTO {_schema}.refusal_hour AS held (organisation, hour, code, refused) VALUES ($1, $2, $3, $4)
                ON CONFLICT (organisation, hour, code) DO UPDATE SET refused = held.refused + excluded.refused
                """,
                count.Organisation,
                count.Hour,
                count.Code,
                refused
            );
        }

        if (accepted.Count > 0)
        {
            batch.Add(
                $"""
                UPDATE {_schema}.refusal SET accepted_at = accepted.at
                FROM unnest($1, $2) AS accepted (subject, at)
                WHERE refusal.accepted_at IS NULL AND refusal.subjects @> ARRAY[accepted.subject]
                    AND refusal.at <= accepted.at
                """,
                Sql.Column(NpgsqlDbType.Bytea, accepted.Select(one => one.Subject)),
                Sql.Column(NpgsqlDbType.TimestampTz, accepted.Select(one => one.At))
            );
        }

        if (batch.BatchCommands.Count > 0)
            await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    public async Task<List<RefusalRow>> ListAsync(RefusalQuery query, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand(
            $"""
            SELECT id, at, door, code, path, request_id, subjects[1], accepted_at FROM {_schema}.refusal
            WHERE organisation = $1 AND ($2::uuid IS NULL OR id > $2) AND ($3::text IS NULL OR code = $3)
                AND ($4::timestamptz IS NULL OR at >= $4) AND ($5::timestamptz IS NULL OR at < $5) AND (NOT $6
                    OR accepted_at IS NULL)
            ORDER BY id LIMIT $7
            """
        );
        command.Parameters.AddValues(
            query.Organisation,
            Sql.Value(NpgsqlDbType.Uuid, query.After),
            Sql.Value(NpgsqlDbType.Text, query.Code),
            Sql.Value(NpgsqlDbType.TimestampTz, query.From),
            Sql.Value(NpgsqlDbType.TimestampTz, query.To),
            query.OpenOnly,
            query.Limit
        );
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await RowsAsync(reader, cancellationToken);
    }

    /// <summary>The last seven days beside the three weeks before them.</summary>
    public async Task<RefusalSummary> SummaryAsync(
        string organisation,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        // Of codes with too many refusals to keep each as a row, the hours still count all.
        await using var batch = source.CreateBatch();
        batch.Add(
            $"""
            SELECT code, coalesce(sum(refused) FILTER (WHERE hour >= $2), 0)::bigint,
                coalesce(sum(refused) FILTER (WHERE hour < $2), 0) / 3.0::float8,
                coalesce(missing, 0), coalesce(last_at, max(hour)), path
            FROM {_schema}.refusal_hour LEFT JOIN (
                SELECT code, count(*) FILTER (WHERE accepted_at IS NULL) AS missing, max(at) AS last_at,
                    mode() WITHIN GROUP (ORDER BY path) AS path
                FROM {_schema}.refusal WHERE organisation = $1 AND at >= $2 GROUP BY code) AS kept USING (code)
            WHERE organisation = $1 AND hour >= $3
            GROUP BY code, missing, last_at, path ORDER BY 2 DESC, code
            """,
            organisation,
            now.AddDays(-7),
            now.AddDays(-28)
        );
        batch.Add(
            $"""
            SELECT id, at, door, code, path, request_id, subjects[1], accepted_at FROM {_schema}.refusal
            WHERE organisation = $1 ORDER BY id DESC LIMIT {RefusalSummary.Newest}
            """,
            organisation
        );
        var byCode = new List<RefusedCode>();
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            byCode.Add(
                new RefusedCode(
                    reader.GetString(0),
                    reader.GetInt64(1),
                    Math.Round(reader.GetDouble(2), 1),
                    reader.GetInt64(3),
                    reader.GetFieldValue<DateTimeOffset>(4),
                    reader.IsDBNull(5) ? null : reader.GetString(5)
                )
            );
        }

        await reader.NextResultAsync(cancellationToken);
        return new RefusalSummary(byCode, await RowsAsync(reader, cancellationToken));
    }

    private static async Task<List<RefusalRow>> RowsAsync(NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        var rows = new List<RefusalRow>();
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(
                new RefusalRow(
                    reader.GetGuid(0),
                    reader.GetFieldValue<DateTimeOffset>(1),
                    reader.GetString(2),
                    reader.GetString(3),
                    Text(4),
                    Text(5),
                    reader.IsDBNull(6) ? null : Convert.ToHexStringLower(reader.GetFieldValue<byte[]>(6)),
                    reader.IsDBNull(7) ? null : reader.GetFieldValue<DateTimeOffset>(7)
                )
            );
        }

        return rows;

        string? Text(int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
    }

    public async Task<Dictionary<string, long>> CountsAsync(RefusalQuery query, CancellationToken cancellationToken)
    {
        // Counts are by whole hours.
        await using var command = source.CreateCommand(
            $"""
            SELECT code, sum(refused)::bigint FROM {_schema}.refusal_hour
            WHERE organisation = $1 AND ($2::text IS NULL OR code = $2)
                AND hour >= date_trunc('hour', coalesce($3, now() - interval '{RefusalTables.KeptDays} days'), 'UTC')
                AND ($4::timestamptz IS NULL OR hour < $4)
            GROUP BY code ORDER BY code
            """
        );
        command.Parameters.AddValues(
            query.Organisation,
            Sql.Value(NpgsqlDbType.Text, query.Code),
            Sql.Value(NpgsqlDbType.TimestampTz, query.From),
            Sql.Value(NpgsqlDbType.TimestampTz, query.To)
        );
        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            counts[reader.GetString(0)] = reader.GetInt64(1);
        return counts;
    }

    /// <summary>How many were refused in each hour, by organisation.</summary>
    public async Task<Dictionary<string, Dictionary<DateTimeOffset, int>>> HoursAsync(
        CancellationToken cancellationToken
    )
    {
        await using var command = source.CreateCommand(
            $"SELECT organisation, hour, sum(refused)::integer FROM {_schema}.refusal_hour GROUP BY organisation, hour"
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

    public async Task PurgeAsync(
        DateTimeOffset rowsBefore,
        DateTimeOffset hoursBefore,
        CancellationToken cancellationToken
    )
    {
        await using var batch = source.CreateBatch();
        foreach (
            var (table, column, before) in new[]
            {
                ("refusal", "at", rowsBefore),
                ("refusal_hour", "hour", hoursBefore),
            }
        )
        {
            batch.Add(
                string.Create(CultureInfo.InvariantCulture, $"DELETE FROM {_schema}.{table} WHERE {column} < $1"),
                before
            );
        }

        await batch.ExecuteNonQueryAsync(cancellationToken);
    }
}

/// <summary>The tables of a service that keeps what it refused, for its migration.</summary>
public static class RefusalTables
{
    /// <summary>Days that a refusal is kept.</summary>
    public const int KeptDays = 30;

    /// <summary>Makes them.</summary>
    public static void CreateRefusalTables(this MigrationBuilder migration, string schema) =>
        migration.Sql(Sql(schema));

    /// <summary>Drops them.</summary>
    public static void DropRefusalTables(this MigrationBuilder migration, string schema) =>
        migration.Sql($"DROP TABLE {schema}.refusal, {schema}.refusal_hour;");

    internal static string Sql(string schema) =>
        $"""
            CREATE TABLE {schema}.refusal (
                id uuid PRIMARY KEY, organisation text NOT NULL, at timestamptz NOT NULL, door text NOT NULL,
                    code text NOT NULL, path text,
                request_id text, subjects bytea[] NOT NULL, accepted_at timestamptz);
            CREATE INDEX ix_refusal_organisation_id ON {schema}.refusal (organisation, id);
            CREATE INDEX ix_refusal_at ON {schema}.refusal (at);
            CREATE INDEX ix_refusal_open ON {schema}.refusal USING gin (subjects) WHERE accepted_at IS NULL;
            CREATE TABLE {schema}.refusal_hour (
                organisation text NOT NULL, hour timestamptz NOT NULL, code text NOT NULL, refused integer NOT NULL,
                PRIMARY KEY (organisation, hour, code));
            """;
}
