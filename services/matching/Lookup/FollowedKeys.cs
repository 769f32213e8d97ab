using Npgsql;
using Safeguarding.Matching.Rules.Lookup;
using Safeguarding.Messaging.Storage;

namespace Safeguarding.Matching.Lookup;

/// <summary>
/// An index in memory that follows a table by its change numbers. Postgres is the truth: whoever asks has the table's
/// newest change number read under the lock of decision 9, and where this replica has not come so far, it reads what it
/// lacks before it answers.
/// </summary>
/// <param name="table">The table.</param>
/// <param name="columns">Id, day, keys and change of a row.</param>
/// <param name="writersOut">The mode of the lock that keeps out who changes the table.</param>
public abstract class FollowedKeys(string table, string columns, string writersOut) : IDisposable
{
    private readonly SemaphoreSlim _one = new(1);
    private readonly SortedDictionary<DateOnly, KeyIndex> _days = [];
    private (long Change, long BeforeTransaction)? _settling;
    private long _watermark;

    /// <summary>The statement that reads the newest change number.</summary>
    internal string Newest => $"SELECT coalesce(max(change), 0) FROM {table}";

    /// <summary>Up to which change number the table is known here.</summary>
    internal long Watermark => Volatile.Read(ref _watermark);

    /// <summary>How many ids are held.</summary>
    internal int Rows => Days().Sum(day => day.Rows);

    /// <summary>Reads the table as it stands, before this replica takes its first message.</summary>
    internal async Task LoadAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        long newest;
        await using (var transaction = await connection.BeginTransactionAsync(cancellationToken))
        {
            await using var batch = new NpgsqlBatch(connection);
            batch.Add($"LOCK TABLE matching.plan_or_encounter IN {writersOut} MODE");
            batch.Add(Newest);
            await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
            newest = (await reader.ReadAsync(row => row.GetInt64(0), cancellationToken))[0];
        }

        // Read without the lock: what changes meanwhile has a higher number, and is read again.
        await CatchUpAsync(connection, newest, cancellationToken);
    }

    /// <summary>
    /// Reads what no transaction can precede any more, so that little is left to read under the lock. A change number
    /// is only taken as complete when every transaction that ran when it was seen has ended.
    /// </summary>
    internal async Task FollowAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            $"SELECT ({Newest}), pg_snapshot_xmin(pg_current_snapshot())::text::bigint, "
                + "pg_snapshot_xmax(pg_current_snapshot())::text::bigint",
            connection
        );
        long newest,
            oldestRunning,
            next;
        await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
        {
            await reader.ReadAsync(cancellationToken);
            (newest, oldestRunning, next) = (reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2));
        }

        if (_settling is { } seen && oldestRunning >= seen.BeforeTransaction)
        {
            await ReadAsync(connection, seen.Change, isNewest: false, cancellationToken);
            _settling = null;
        }

        _settling ??= (newest, next);
    }

    /// <summary>
    /// Reads the changes up to the newest; the caller keeps out who changes the table, and read the number since.
    /// </summary>
    internal Task CatchUpAsync(NpgsqlConnection connection, long newest, CancellationToken cancellationToken) =>
        ReadAsync(connection, newest, isNewest: true, cancellationToken);

    private async Task ReadAsync(
        NpgsqlConnection connection,
        long upTo,
        bool isNewest,
        CancellationToken cancellationToken
    )
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            // Who asked meanwhile has read more.
            if (upTo == _watermark || (upTo < _watermark && !isNewest))
                return;
            // A table that is behind its index is not the one the index was made of: the database was restored.
            if (upTo < _watermark)
                Purge(DateOnly.MaxValue);
            await using var command = new NpgsqlCommand(
                $"SELECT {columns} FROM {table} WHERE change > $1 AND change <= $2 ORDER BY 1",
                connection
            );
            command.CommandTimeout = 0;
            command.Parameters.Add(new() { Value = upTo < _watermark ? 0 : _watermark });
            command.Parameters.Add(new() { Value = upTo });
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            var changes = new List<(DateOnly Day, Guid Id, long[]? Keys)>();
            while (await reader.ReadAsync(cancellationToken))
            {
                changes.Add(
                    (
                        reader.GetFieldValue<DateOnly>(1),
                        reader.GetGuid(0),
                        reader.IsDBNull(2) ? null : reader.GetFieldValue<long[]>(2)
                    )
                );
                if (changes.Count == 4096)
                    Put(changes);
            }

            Put(changes);
            Volatile.Write(ref _watermark, upTo);
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>What is found by the keys of each asker, in order; how often a key was crowded.</summary>
    internal (List<Guid>[] Found, int Crowded) Find(IReadOnlyList<KeyMacs> askers, int crowd)
    {
        var days = Days();
        var found = new List<Guid>[askers.Count];
        var crowded = 0;
        for (var i = 0; i < found.Length; i++)
        {
            found[i] = [];
            foreach (var day in days)
            {
                var (ofDay, crowdedKeys) = day.Find(askers[i], crowd);
                found[i].AddRange(ofDay);
                crowded += crowdedKeys;
            }
        }

        return (found, crowded);
    }

    /// <summary>Deletes the days before this one.</summary>
    internal void Purge(DateOnly firstKept)
    {
        lock (_days)
        {
            foreach (var day in _days.Keys.Where(day => day < firstKept).ToList())
                _days.Remove(day);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _one.Dispose();
        GC.SuppressFinalize(this);
    }

    private void Put(List<(DateOnly Day, Guid Id, long[]? Keys)> changes)
    {
        foreach (var ofDay in changes.GroupBy(change => change.Day))
        {
            KeyIndex? index;
            lock (_days)
            {
                if (!_days.TryGetValue(ofDay.Key, out index))
                    _days.Add(ofDay.Key, index = new());
            }

            index.Put(ofDay.Select(change => (change.Id, change.Keys)));
        }

        changes.Clear();
    }

    private KeyIndex[] Days()
    {
        lock (_days)
            return [.. _days.Values];
    }
}

/// <summary>The keys under which plans are found. Read by who keeps plans out.</summary>
public sealed class PlanKeys()
    : FollowedKeys("matching.plan", "plan_id, DATE '-infinity', keys, change", "ROW EXCLUSIVE");

/// <summary>
/// The keys by which encounters of the retention window looked for plans. Read by who keeps encounters
/// out.
/// </summary>
public sealed class EncounterKeys()
    : FollowedKeys("matching.encounter_fact", "encounter_id, day, keys, change", "SHARE");
