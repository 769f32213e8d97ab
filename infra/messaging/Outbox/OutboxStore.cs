using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using NpgsqlTypes;
using Safeguarding.Messaging.Storage;

namespace Safeguarding.Messaging.Outbox;

/// <summary>The relay's view of the outbox table: short statements, no transaction open while sending.</summary>
internal sealed class OutboxStore(NpgsqlDataSource source, IServiceScopeFactory scopes, TimeProvider clock) : IOutbox
{
    private readonly string _table = $"{scopes.SchemaOfService()}.outbox";

    public async Task<List<ClaimedBatch>> ClaimAsync(int atMost, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand(
            $"""
            UPDATE {_table} SET next_attempt_at = @leased_until, attempts = attempts + 1
            WHERE id IN (
                SELECT id FROM {_table} WHERE next_attempt_at <= @now
                ORDER BY next_attempt_at, id LIMIT @at_most FOR UPDATE SKIP LOCKED)
            RETURNING id, event_type, body, attempts
            """
        );
        var now = clock.GetUtcNow();
        command.Parameters.AddWithValue("now", now);
        command.Parameters.AddWithValue("leased_until", now + OutboxSchedule.Lease);
        command.Parameters.AddWithValue("at_most", atMost);
        var batches = new List<ClaimedBatch>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            batches.Add(
                new ClaimedBatch(
                    reader.GetGuid(0),
                    reader.GetString(1),
                    reader.GetFieldValue<byte[]>(2),
                    reader.GetInt32(3)
                )
            );
        }

        batches.Sort((a, b) => a.Id.CompareTo(b.Id));
        return batches;
    }

    public Task MarkSentAsync(IReadOnlyCollection<ClaimedBatch> batches, CancellationToken cancellationToken) =>
        // What the broker refused before it took the batch says nothing of how long its listeners need.
        MarkAsync(
            "CASE WHEN sent_at IS NULL THEN @first ELSE marked.next END, attempts = CASE WHEN sent_at IS NULL THEN "
                + "1 ELSE attempts END, sent_at = coalesce(sent_at, @now)",
            batches,
            OutboxSchedule.AfterSent,
            cancellationToken
        );

    public Task MarkFailedAsync(IReadOnlyCollection<ClaimedBatch> batches, CancellationToken cancellationToken) =>
        // Nor does what it refused when the batch was sent again.
        MarkAsync(
            "marked.next, attempts = CASE WHEN sent_at IS NULL THEN attempts ELSE attempts - 1 END",
            batches,
            OutboxSchedule.AfterFailure,
            cancellationToken
        );

    /// <summary>
    /// Waits for acknowledgements begin again, each as after the first sending: for when the broker was gone and may
    /// have lost what it confirmed, however often that was sent before.
    /// </summary>
    public async Task RestartWaitsForAcknowledgementsAsync(CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand(
            $"""
            UPDATE {_table} SET attempts = 1, next_attempt_at = least(next_attempt_at, @first)
            WHERE sent_at IS NOT NULL AND attempts > 1
            """
        );
        command.Parameters.AddWithValue("first", clock.GetUtcNow() + OutboxSchedule.AfterSent(1));
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Records an acknowledgement; deletes rows that every listener has acknowledged.</summary>
    public async Task AcknowledgedAsync(
        string listener,
        IReadOnlyList<Guid> packIds,
        CancellationToken cancellationToken
    )
    {
        await using var command = source.CreateCommand(
            $"""
            WITH done AS (DELETE FROM {_table} WHERE id = ANY(@ids) AND awaiting <@ ARRAY[@listener])
            UPDATE {_table} SET awaiting = array_remove(awaiting, @listener) WHERE id = ANY(@ids)
                AND NOT awaiting <@ ARRAY[@listener]
            """
        );
        command.Parameters.AddWithValue("listener", listener);
        command.Parameters.Add(
            new NpgsqlParameter("ids", NpgsqlDbType.Array | NpgsqlDbType.Uuid) { Value = packIds.ToArray() }
        );
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>
    /// A row that is due later than any schedule allows was scheduled by a clock that ran ahead: it is due
    /// now.
    /// </summary>
    public async Task ResetSkewedSchedulesAsync(CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand(
            $"UPDATE {_table} SET next_attempt_at = @now WHERE next_attempt_at > @never"
        );
        var now = clock.GetUtcNow();
        command.Parameters.AddWithValue("now", now);
        command.Parameters.AddWithValue("never", now + OutboxSchedule.Never);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public async Task<OutboxState> StateAsync(CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand(
            $"""
            SELECT min(created_at) FILTER (WHERE sent_at IS NULL), min(created_at), count(*) FILTER (WHERE sent_at IS
                NULL), count(*),
                (SELECT count(*) FROM {_table[
                .._table.IndexOf('.', StringComparison.Ordinal)
            ]}.parked_message WHERE replayed_at IS NULL)
            FROM {_table}
            """
        );
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return new OutboxState(
            Age(reader, 0),
            Age(reader, 1),
            reader.GetInt64(2),
            reader.GetInt64(3),
            reader.GetInt64(4)
        );
    }

    private TimeSpan? Age(NpgsqlDataReader row, int column) =>
        row.IsDBNull(column) ? null : clock.GetUtcNow() - row.GetFieldValue<DateTimeOffset>(column);

    private async Task MarkAsync(
        string next,
        IReadOnlyCollection<ClaimedBatch> batches,
        Func<int, TimeSpan> wait,
        CancellationToken cancellationToken
    )
    {
        await using var command = source.CreateCommand(
            $"""
            UPDATE {_table} AS row SET next_attempt_at = {next} FROM unnest(@ids, @next) AS marked (id, next)
                WHERE row.id = marked.id
            """
        );
        var now = clock.GetUtcNow();
        command.Parameters.AddWithValue("now", now);
        command.Parameters.AddWithValue("first", now + wait(1));
        command.Parameters.Add(
            new NpgsqlParameter("ids", NpgsqlDbType.Array | NpgsqlDbType.Uuid)
            {
                Value = batches.Select(batch => batch.Id).ToArray(),
            }
        );
        command.Parameters.Add(
            new NpgsqlParameter("next", NpgsqlDbType.Array | NpgsqlDbType.TimestampTz)
            {
                Value = batches.Select(batch => now + wait(batch.Attempts)).ToArray(),
            }
        );
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}

internal sealed record ClaimedBatch(Guid Id, string EventType, byte[] Body, int Attempts);
