using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Safeguarding.Messaging.Storage;

namespace Safeguarding.Operations.Accounts;

/// <summary>Counts and compares what a service holds; reads ids, versions and states only.</summary>
internal sealed class AccountStore(NpgsqlDataSource source, IServiceScopeFactory scopes)
{
    // A window of millions of ids takes the database longer than a request of a user may.
    private const int Timeout = 300;

    private readonly string _schema = scopes.SchemaOfService();

    /// <summary>Per bucket how many there are and a digest of all of them, and how many are in each state.</summary>
    public async Task<Account> CountAsync(AccountSet set, Window window, CancellationToken cancellationToken)
    {
        // Everything that two services must agree on goes into the digest, and nothing that only one of them knows.
        await using var command = source.CreateCommand(
            $"""
            SELECT bucket, council, state, count(*), bit_xor(digest), grouping(bucket) FROM (
                SELECT council, state,
                    (('x' || translate(left(id::text, 13), '-', ''))::bit(48)::bigint - @low_ms) / @bucket_ms AS bucket,
                    ('x' || encode(substring(sha256(convert_to(id || '|' || council || '|' || version || '|' || stands,
                        'UTF8')) FROM 1 FOR 8), 'hex'))::bit(64)::bigint AS digest
                FROM ({set.Rows}) AS held) AS row
            GROUP BY GROUPING SETS ((bucket), (council, state))
            """
        );
        command.CommandTimeout = Timeout;
        command.Parameters.AddWithValue("low", window.Low);
        command.Parameters.AddWithValue("high", window.High);
        command.Parameters.AddWithValue("low_ms", window.From.ToUnixTimeMilliseconds());
        command.Parameters.AddWithValue("bucket_ms", (long)window.Bucket.TotalMilliseconds);
        var buckets = new List<Bucket>();
        var states = new List<StateCount>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            if (reader.GetInt32(5) == 0)
            {
                buckets.Add(
                    new Bucket(
                        window.From + (window.Bucket * reader.GetInt64(0)),
                        reader.GetInt64(3),
                        reader.GetInt64(4).ToString("x16", CultureInfo.InvariantCulture)
                    )
                );
            }
            else
            {
                states.Add(new StateCount(reader.GetString(1), reader.GetString(2), reader.GetInt64(3)));
            }
        }

        return new Account(
            set.Name,
            [
                .. states
                    .OrderBy(state => state.Council, StringComparer.Ordinal)
                    .ThenBy(state => state.State, StringComparer.Ordinal),
            ],
            [.. buckets.OrderBy(bucket => bucket.From)]
        );
    }

    /// <summary>
    /// The things themselves, sorted by id and council, with those of them that are still on their
    /// way.
    /// </summary>
    public async Task<AccountPage> ListAsync(
        AccountSet set,
        Window window,
        (Guid Id, string Council)? after,
        int limit,
        CancellationToken cancellationToken
    )
    {
        var entries = new List<Entry>();
        await using (
            var command = source.CreateCommand(
                $"""
                SELECT id, council, version, stands, state FROM ({set.Rows}) AS held
                WHERE (id, council COLLATE "C") > (@after, @after_council COLLATE "C")
                ORDER BY id, council COLLATE "C" LIMIT @limit
                """
            )
        )
        {
            command.CommandTimeout = Timeout;
            command.Parameters.AddWithValue("low", after?.Id ?? window.Low);
            command.Parameters.AddWithValue("high", window.High);
            command.Parameters.AddWithValue("after", after?.Id ?? Guid.Empty);
            command.Parameters.AddWithValue("after_council", after?.Council ?? "");
            command.Parameters.AddWithValue("limit", limit);
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                entries.Add(
                    new Entry(
                        reader.GetGuid(0),
                        reader.GetString(1),
                        reader.GetInt64(2),
                        reader.GetBoolean(3),
                        reader.GetString(4)
                    )
                );
            }
        }

        var next = entries.Count == limit ? entries[^1] : null;
        // After the entries: what left the outbox in between is in its listener, who is asked later still.
        var low = after?.Id ?? window.Low;
        var waiting = await WaitingAsync(
            set,
            low,
            (id, council) =>
                id >= low
                && id < window.High
                && (
                    next is null || id < next.Id || (id == next.Id && string.CompareOrdinal(council, next.Council) <= 0)
                ),
            cancellationToken
        );
        return new AccountPage(entries, waiting, next is null ? null : $"{next.Id}{next.Council}");
    }

    public async Task<long> ParkedAsync(CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand(
            $"SELECT count(*) FROM {_schema}.parked_message WHERE replayed_at IS NULL"
        );
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private async Task<List<Waiting>> WaitingAsync(
        AccountSet set,
        Guid low,
        Func<Guid, string, bool> wanted,
        CancellationToken cancellationToken
    )
    {
        // An event about a thing is younger than the thing, by the hub's clocks; a minute allows for their difference.
        await using var command = source.CreateCommand(
            $"""
            SELECT 'outbox', created_at, body FROM {_schema}.outbox WHERE event_type = ANY(@events)
                AND created_at >= @since
            UNION ALL
            SELECT 'parked', parked_at, body FROM {_schema}.parked_message WHERE event_type = ANY(@events)
                AND replayed_at IS NULL
            """
        );
        command.CommandTimeout = Timeout;
        command.Parameters.AddWithValue("events", set.WireNames.ToArray());
        command.Parameters.AddWithValue("since", Window.TimeOf(low).AddMinutes(-1));
        var waiting = new List<Waiting>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var (place, since) = (reader.GetString(0), reader.GetFieldValue<DateTimeOffset>(1));
            using var body = JsonDocument.Parse(reader.GetFieldValue<byte[]>(2));
            // An outbox row is the events; a parked message is the batch around them.
            var events = place == "outbox" ? body.RootElement : body.RootElement.GetProperty("events");
            foreach (var packed in events.EnumerateArray())
            {
                // Parked may be what cannot be read: of that nothing can be said but that it is parked.
                if (
                    packed.TryGetProperty("event", out var e)
                    && e.TryGetProperty(set.IdProperty, out var named)
                    && named.TryGetGuid(out var id)
                    && e.TryGetProperty("version", out var version)
                    && version.TryGetInt64(out var number)
                    && (e.TryGetProperty("councilCode", out var code) ? code.GetString()! : "") is var council
                    && wanted(id, council)
                )
                {
                    waiting.Add(new Waiting(id, council, number, place, since));
                }
            }
        }

        return waiting;
    }
}

/// <summary>A stretch of time, and so of version 7 ids, in buckets.</summary>
internal sealed record Window(DateTimeOffset From, DateTimeOffset To, TimeSpan Bucket)
{
    public Guid Low => FirstOf(From);

    public Guid High => FirstOf(To);

    public static DateTimeOffset TimeOf(Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        return DateTimeOffset.FromUnixTimeMilliseconds(
            System.Buffers.Binary.BinaryPrimitives.ReadInt64BigEndian(bytes) >> 16
        );
    }

    private static Guid FirstOf(DateTimeOffset time)
    {
        Span<byte> bytes = stackalloc byte[16];
        bytes.Clear();
        System.Buffers.Binary.BinaryPrimitives.WriteInt64BigEndian(bytes, time.ToUnixTimeMilliseconds() << 16);
        return new Guid(bytes, bigEndian: true);
    }
}

internal sealed record Account(string Of, IReadOnlyList<StateCount> States, IReadOnlyList<Bucket> Buckets);

internal sealed record StateCount(string Council, string State, long Count);

internal sealed record Bucket(DateTimeOffset From, long Count, string Digest);

internal sealed record Entry(Guid Id, string Council, long Version, bool Stands, string State);

// Place is outbox where its listener has not confirmed it yet, parked where it waits for an operator.
internal sealed record Waiting(Guid Id, string Council, long Version, string Place, DateTimeOffset Since);

internal sealed record AccountPage(IReadOnlyList<Entry> Entries, IReadOnlyList<Waiting> OnTheWay, string? Next);
