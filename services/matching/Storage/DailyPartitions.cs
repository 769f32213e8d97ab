using System.Collections.Concurrent;
using System.Globalization;
using Npgsql;
using Safeguarding.Messaging.Storage;

namespace Safeguarding.Matching.Storage;

/// <summary>
/// The daily partitions of what unmatched encounters leave: made before their day is written, dropped when it
/// is over.
/// </summary>
public sealed class DailyPartitions(NpgsqlDataSource source)
{
    private static readonly string[] Tables = ["encounter_fact", "decision", "shadow_difference"];

    // Two replicas must not make or drop the same partition at once.
    private const long Turn = 0x6d617463_68646179;

    private readonly ConcurrentDictionary<DateOnly, bool> _made = new();

    /// <summary>
    /// Makes the partitions of a day, once per process. Uses a connection of its own: the lock it takes must
    /// not outlive it.
    /// </summary>
    internal async Task EnsureAsync(DateOnly day, CancellationToken cancellationToken)
    {
        if (_made.ContainsKey(day))
            return;
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection);
        batch.Add("SELECT pg_advisory_xact_lock($1)", Turn);
        foreach (var table in Tables)
        {
            // The owner's function: the worker role owns no table.
            batch.Add("SELECT matching.make_day($1, $2)", table, day);
        }

        await batch.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(CancellationToken.None);
        _made[day] = true;
    }

    /// <summary>Drops the partitions of every day before this one.</summary>
    /// <returns>How many days were dropped.</returns>
    internal async Task<int> DropBeforeAsync(DateOnly firstKept, CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection);
        batch.Add("SELECT pg_advisory_xact_lock($1)", Turn);
        batch.Add(
            """
            SELECT child.relname FROM pg_inherits
            JOIN pg_class child ON child.oid = inhrelid
            JOIN pg_class parent ON parent.oid = inhparent
            WHERE parent.relnamespace = 'matching'::regnamespace AND parent.relname = 'encounter_fact'
                AND child.relname < $1
            """,
            $"encounter_fact_{Suffix(firstKept)}"
        );
        List<string> old;
        await using (var reader = await batch.ExecuteReaderAsync(cancellationToken))
        {
            await reader.NextResultAsync(cancellationToken);
            old = await reader.ReadAsync(row => row.GetString(0)["encounter_fact_".Length..], cancellationToken);
        }

        foreach (var suffix in old)
        {
            foreach (var table in Tables)
            {
                await using var drop = new NpgsqlBatch(connection);
                drop.Add("SELECT matching.drop_day($1, to_date($2, 'YYYYMMDD'))", table, suffix);
                await drop.ExecuteNonQueryAsync(cancellationToken);
            }
        }

        await transaction.CommitAsync(CancellationToken.None);
        return old.Count;
    }

    private static string Suffix(DateOnly day) => day.ToString("yyyyMMdd", CultureInfo.InvariantCulture);
}
