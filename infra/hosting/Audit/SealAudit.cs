using Microsoft.Extensions.Logging;
using Npgsql;
using Safeguarding.Messaging.Storage;

namespace Safeguarding.Hosting.Audit;

/// <summary>
/// Chains what has been committed, a chain for each organisation, within seconds and behind everybody's back: no act
/// waits for it. One replica at a time does it.
/// </summary>
/// <remarks>
/// A record has its number from a sequence, and a number can become visible after a higher one. So a record that is
/// visible is chained at once, whatever its number, and the mark below which nobody looks again follows behind: it
/// moves up to a number only when every transaction that was writing records when that number was seen has ended, and
/// what it wrote has been chained. A transaction holds its lock on the table before it draws a number and until what it
/// wrote is visible, so the locks say that, and no id of a transaction is kept.
/// </remarks>
internal sealed class SealAudit(
    NpgsqlDataSource source,
    AuditedService service,
    AuditRoots roots,
    TimeProvider clock,
    ILogger<SealAudit> logger
) : RecurringWork(TimeSpan.FromSeconds(2), clock, logger)
{
    private const int Together = 2_000;

    private readonly string _schema = service.Schema;
    private Watched? _watched;

    protected override async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        var run = new Run();
        while (await SealAsync(run, cancellationToken)) { }
    }

    /// <returns>Whether there may be more.</returns>
    private async Task<bool> SealAsync(Run run, CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (!await IsMyTurnAsync(connection, cancellationToken))
        {
            _watched = null;
            return false;
        }

        // Before the records are read: what these transactions wrote is then among them.
        run.IsOver ??=
            _watched is { } watched && !watched.Writers.Overlaps(await WritersAsync(connection, cancellationToken));
        var records = await RecordsAsync(connection, run, cancellationToken);
        if (records.Count > 0)
            await ChainAsync(connection, records, cancellationToken);
        var more = records.Count == Together;
        if (!more)
        {
            if (run.IsOver.Value && _watched is { Number: var number })
            {
                await MoveMarkAsync(connection, number, cancellationToken);
                _watched = null;
            }

            if (_watched is null && await HighestAsync(connection, cancellationToken) is { } highest)
                _watched = new Watched(highest, await WritersAsync(connection, cancellationToken));
            await roots.MakeDueAsync(connection, cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        return more;
    }

    private async Task<bool> IsMyTurnAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            $"SELECT pg_try_advisory_xact_lock(hashtextextended('{_schema}.audit_chain', 0))",
            connection
        );
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private async Task<HashSet<string>> WritersAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            $"""
            SELECT virtualtransaction FROM pg_locks
            WHERE relation = '{_schema}.audit_record'::regclass AND mode = 'RowExclusiveLock'
                AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
            """,
            connection
        );
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var writers = new HashSet<string>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellationToken))
            writers.Add(reader.GetString(0));
        return writers;
    }

    private async Task<List<object?[]>> RecordsAsync(
        NpgsqlConnection connection,
        Run run,
        CancellationToken cancellationToken
    )
    {
        await using var command = new NpgsqlCommand(
            $"""
            SELECT {AuditHash.Selection("record")}, number FROM {_schema}.audit_record AS record
            WHERE number > greatest($1, (SELECT sealed_to FROM {_schema}.audit_seal))
                AND NOT EXISTS (SELECT FROM {_schema}.audit_chain WHERE record_id = record.id)
            ORDER BY number LIMIT {Together}
            """,
            connection
        );
        command.Parameters.Add(new() { Value = run.From });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var records = new List<object?[]>();
        while (await reader.ReadAsync(cancellationToken))
        {
            records.Add(AuditHash.Read(reader));
            run.From = reader.GetInt64(AuditHash.Columns.Count);
        }

        return records;
    }

    private async Task ChainAsync(
        NpgsqlConnection connection,
        List<object?[]> records,
        CancellationToken cancellationToken
    )
    {
        var heads = await HeadsAsync(
            connection,
            [.. records.Select(record => (string)record[0]!).Distinct()],
            cancellationToken
        );
        var links = new List<(ChainHead Head, Guid Record)>(records.Count);
        foreach (var record in records)
        {
            var organisation = (string)record[0]!;
            var (position, before) = heads.TryGetValue(organisation, out var head)
                ? (head.Position + 1, head.Hash)
                : (1, new byte[AuditHash.Bytes]);
            heads[organisation] = new ChainHead(organisation, position, AuditHash.Compute(before, position, record));
            links.Add((heads[organisation], (Guid)record[1]!));
        }

        await using var command = new NpgsqlCommand(
            $"INSERT INTO {_schema}.audit_chain SELECT * FROM unnest($1, $2, $3, $4)",
            connection
        );
        command.Parameters.Add(new() { Value = links.ConvertAll(link => link.Head.Organisation).ToArray() });
        command.Parameters.Add(new() { Value = links.ConvertAll(link => link.Head.Position).ToArray() });
        command.Parameters.Add(new() { Value = links.ConvertAll(link => link.Record).ToArray() });
        command.Parameters.Add(new() { Value = links.ConvertAll(link => link.Head.Hash).ToArray() });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task<Dictionary<string, ChainHead>> HeadsAsync(
        NpgsqlConnection connection,
        string[] organisations,
        CancellationToken cancellationToken
    )
    {
        await using var command = new NpgsqlCommand(
            $"""
            SELECT one.organisation, head.position, head.hash FROM unnest($1) AS one (organisation)
            CROSS JOIN LATERAL (SELECT position, hash FROM {_schema}.audit_chain
                WHERE organisation = one.organisation ORDER BY position DESC LIMIT 1) AS head
            """,
            connection
        );
        command.Parameters.Add(new() { Value = organisations });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var heads = new Dictionary<string, ChainHead>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellationToken))
        {
            var head = new ChainHead(reader.GetString(0), reader.GetInt64(1), reader.GetFieldValue<byte[]>(2));
            heads[head.Organisation] = head;
        }

        return heads;
    }

    private async Task<long?> HighestAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            $"""
            SELECT max(number) FROM {_schema}.audit_record
            WHERE number > (SELECT sealed_to FROM {_schema}.audit_seal)
            """,
            connection
        );
        return await command.ExecuteScalarAsync(cancellationToken) as long?;
    }

    private async Task MoveMarkAsync(NpgsqlConnection connection, long number, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            $"UPDATE {_schema}.audit_seal SET sealed_to = greatest(sealed_to, $1)",
            connection
        );
        command.Parameters.Add(new() { Value = number });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private sealed class Run
    {
        /// <summary>The last number that this run has chained: what is below it and late is for the next run.</summary>
        public long From { get; set; }

        /// <summary>Whether all whom the mark waits for had ended when the run began.</summary>
        public bool? IsOver { get; set; }
    }

    /// <param name="Number">The highest number that was seen.</param>
    /// <param name="Writers">Who was writing records after that.</param>
    private sealed record Watched(long Number, HashSet<string> Writers);
}
