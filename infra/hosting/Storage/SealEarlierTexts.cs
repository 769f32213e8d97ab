using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using NpgsqlTypes;
using Safeguarding.Hosting.Privacy;
using Safeguarding.Messaging.Storage;

namespace Safeguarding.Hosting.Storage;

/// <summary>
/// Seals what earlier releases, which did not seal, left in the columns that people write. Not at the start but an hour
/// later and then hourly: while an upgrade goes on, replicas of the release before still read what is theirs, and
/// write.
/// </summary>
internal sealed partial class SealEarlierTexts<TDb>(
    IServiceScopeFactory scopes,
    NpgsqlDataSource source,
    Sealer sealer,
    TimeProvider clock,
    ILogger<SealEarlierTexts<TDb>> logger
) : RecurringWork(TimeSpan.FromHours(1), clock, logger)
    where TDb : HubDbContext
{
    // A trigger that notes changes passes over this one: what is read is as it was.
    private const string Sealing = "hub.sealing";

    private const int AtOnce = 500;
    private bool _started;

    /// <returns>How many were sealed.</returns>
    internal async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var columns = scope.ServiceProvider.GetRequiredService<TDb>().SealedColumns;
        var all = 0;
        foreach (var column in columns)
        {
            int done;
            do
            {
                done = await SealAsync(column, cancellationToken);
                all += done;
            } while (done == AtOnce);
        }

        if (all > 0)
            Sealed(Logger, all);
        return all;
    }

    protected override async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        if (_started)
            await RunAsync(cancellationToken);
        _started = true;
    }

    // A row's place (tableoid, ctid) is its own for as long as it is locked, whatever its key and its partition.
    private async Task<int> SealAsync(SealedColumn column, CancellationToken cancellationToken)
    {
        var (table, name) = ($"{column.Schema}.{column.Table}", $"\"{column.Column}\"");
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var found = new List<(uint Table, string Place, string Text)>();
        await using (
            var read = new NpgsqlCommand(
                $"""
                SELECT tableoid, ctid::text, {name}, set_config('{Sealing}', 'on', true) FROM {table}
                WHERE {name} NOT LIKE 'sealed:%' AND ({column.Where ?? "true"}) LIMIT {AtOnce} FOR UPDATE SKIP LOCKED
                """,
                connection
            )
        )
        await using (var rows = await read.ExecuteReaderAsync(cancellationToken))
        {
            while (await rows.ReadAsync(cancellationToken))
                found.Add((rows.GetFieldValue<uint>(0), rows.GetString(1), rows.GetString(2)));
        }

        if (found is [])
            return 0;
        await using var write = new NpgsqlCommand(
            $"""
            UPDATE {table} SET {name} = plain.text
            FROM unnest(@tables, @places, @texts) AS plain (tableoid, place, text)
            WHERE {table}.tableoid = plain.tableoid AND {table}.ctid = plain.place::tid
            """,
            connection
        );
        write.Parameters.Add(
            new("tables", NpgsqlDbType.Array | NpgsqlDbType.Oid) { Value = found.ConvertAll(row => row.Table) }
        );
        write.Parameters.AddWithValue("places", found.ConvertAll(row => row.Place));
        write.Parameters.AddWithValue("texts", found.ConvertAll(row => column.Seal(sealer, row.Text)));
        await write.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(CancellationToken.None);
        return found.Count;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Sealed {Count} texts of an earlier release")]
    private static partial void Sealed(ILogger logger, int count);
}
