using System.Data;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text.Json;
using Npgsql;

namespace Safeguarding.Hosting.Audit;

/// <summary>
/// Recomputes a service's chains from its records and holds them against the signed roots of the file outside the
/// database. It needs neither the service nor its keys: any login that may read the schema.
/// </summary>
/// <param name="source">The database.</param>
/// <param name="service">The service's name, such as <c>plan-registry</c>.</param>
/// <param name="lines">The lines of its file of roots; null where there is no file.</param>
/// <param name="key">The public key of the roots.</param>
public sealed class AuditCheck(NpgsqlDataSource source, string service, IReadOnlyList<string>? lines, ECDsa? key)
{
    // Whoever swaps two records far apart is found as well, but not named as a swap.
    private const int SwapWindow = 1_000;
    private static readonly TimeSpan Unchained = TimeSpan.FromMinutes(1);

    private readonly string _schema = service.Replace('-', '_');
    private readonly Dictionary<string, SortedList<long, (byte[] Hash, long Root, DateTimeOffset At)>> _anchors = [];

    /// <summary>Records that are in chains.</summary>
    public long Records { get; private set; }

    /// <summary>Organisations with a chain.</summary>
    public int Chains { get; private set; }

    /// <summary>Roots that were compared with the chains.</summary>
    public int Roots { get; private set; }

    /// <summary>
    /// Everything that is wrong: of each chain its first bad record, and what is wrong with the
    /// roots.
    /// </summary>
    public async IAsyncEnumerable<AuditFault> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(
            IsolationLevel.RepeatableRead,
            cancellationToken
        );
        foreach (var fault in ReadRoots())
            yield return fault;
        await foreach (var fault in RootRowsAsync(connection, cancellationToken))
            yield return fault;
        await foreach (var fault in ChainsAsync(connection, cancellationToken))
            yield return fault;
        if (await UnchainedAsync(connection, cancellationToken) is { } unchained)
            yield return unchained;
    }

    /// <summary>Holds what an organisation kept against the chain there is now.</summary>
    /// <param name="kept">A root as it was given.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>What is wrong; null where nothing is.</returns>
    public async Task<AuditFault?> HoldAgainstAsync(RootForOrganisation kept, CancellationToken cancellationToken)
    {
        if (kept.Service != service || !kept.IsTrue(key!))
            return OfRoot(kept.Number, "as it was kept is not what was signed");
        if (kept.Chain is not { } chain)
            return null;
        await using var command = source.CreateCommand(
            $"""
            SELECT (SELECT hash FROM {_schema}.audit_chain WHERE organisation = $1 AND position = $2),
                (SELECT min(position) FROM {_schema}.audit_chain WHERE organisation = $1)
            """
        );
        command.Parameters.Add(new() { Value = chain.Organisation });
        command.Parameters.Add(new() { Value = chain.Records });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        // What was purged is deleted; that it was old enough shows by where the chain begins.
        if (!reader.IsDBNull(1) && chain.Records < reader.GetInt64(1))
            return null;
        if (!reader.IsDBNull(0) && Same(reader.GetFieldValue<byte[]>(0), Convert.FromHexString(chain.Head)))
            return null;
        var what = reader.IsDBNull(0)
            ? $"truncated: root {kept.Number} as it was kept says that the chain had {chain.Records} records"
            : $"rewritten: root {kept.Number} as it was kept says otherwise of the records up to here";
        return new AuditFault(service, chain.Organisation, chain.Records, null, what);
    }

    private IEnumerable<AuditFault> ReadRoots()
    {
        AuditRoot? before = null;
        foreach (var line in lines ?? [])
        {
            AuditRoot root;
            try
            {
                root = AuditRoot.Parse(line);
            }
            catch (JsonException)
            {
                root = null!;
            }

            var number = root?.Number ?? (before?.Number ?? 0) + 1;
            if (root is null || root.Service != service || !root.IsTrue(key!))
            {
                yield return OfRoot(number, "the line in the file is not what was signed");
                continue;
            }

            if (before is not null && (root.Number != before.Number + 1 || !Same(root.Previous, before.Root)))
                yield return OfRoot(number, $"does not follow root {before.Number}: lines are missing or swapped");
            before = root;
            Roots++;
            foreach (var head in root.Heads)
            {
                if (!_anchors.TryGetValue(head.Organisation, out var anchors))
                    _anchors[head.Organisation] = anchors = [];
                anchors.TryAdd(head.Position, (head.Hash, root.Number, root.At));
            }
        }
    }

    private async IAsyncEnumerable<AuditFault> RootRowsAsync(
        NpgsqlConnection connection,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        if (lines is null)
            yield break;
        await using var command = new NpgsqlCommand(
            $"SELECT number, line FROM {_schema}.audit_root ORDER BY number",
            connection
        );
        var stored = new Dictionary<long, string>();
        await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
                stored[reader.GetInt64(0)] = reader.GetString(1);
        }

        var last = 0L;
        foreach (var line in lines)
        {
            if (line.Length == 0 || TryNumber(line) is not { } number)
                continue;
            last = Math.Max(last, number);
            if (!stored.TryGetValue(number, out var row))
                yield return OfRoot(number, "is in the file and no longer in the database");
            else if (row != line)
                yield return OfRoot(number, "differs between the file and the database");
        }

        // The file follows the table within seconds.
        if (stored.Keys.Where(number => number > last + 1).Order().ToList() is [var missing, ..])
            yield return OfRoot(missing, "is in the database and not in the file: the file is cut or another");
    }

    private async IAsyncEnumerable<AuditFault> ChainsAsync(
        NpgsqlConnection connection,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        await using var command = new NpgsqlCommand(
            $"""
            SELECT {AuditHash.Selection("record")}, chain.organisation, chain.position, chain.record_id, chain.hash
            FROM {_schema}.audit_chain AS chain LEFT JOIN {_schema}.audit_record AS record ON record.id = record_id
            ORDER BY chain.organisation COLLATE "C", chain.position
            """,
            connection
        )
        {
            CommandTimeout = 0,
        };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        Chain? chain = null;
        while (await reader.ReadAsync(cancellationToken))
        {
            var columns = AuditHash.Columns.Count;
            var organisation = reader.GetString(columns);
            if (chain?.Organisation != organisation)
            {
                if (chain is not null && End(chain) is { } end)
                    yield return end;
                chain = new Chain(organisation);
                Chains++;
            }

            var link = new Link(
                reader.GetInt64(columns + 1),
                reader.GetGuid(columns + 2),
                reader.GetFieldValue<byte[]>(columns + 3),
                reader.IsDBNull(1) ? null : AuditHash.Read(reader)
            );
            Records += link.Record is null ? 0 : 1;
            if (chain.IsWhole && await CompareAsync(chain, link, cancellationToken) is { } what)
            {
                chain.IsWhole = false;
                yield return new AuditFault(service, organisation, what.Position, what.Record, what.What);
            }

            (chain.Position, chain.Hash) = (link.Position, link.Hash);
        }

        if (chain is not null && End(chain) is { } last)
            yield return last;
        foreach (var (organisation, anchors) in _anchors)
        {
            var (position, anchor) = anchors.Last();
            yield return new AuditFault(
                service,
                organisation,
                1,
                null,
                $"the whole chain is gone: root {anchor.Root} says that it had {position} records"
            );
        }
    }

    private async Task<(long Position, Guid? Record, string What)?> CompareAsync(
        Chain chain,
        Link link,
        CancellationToken cancellationToken
    )
    {
        if (chain.Position == 0 && link.Record is null && IsPurgedTo(chain, link))
            return null;
        if (link.Position != chain.Position + 1)
            return (chain.Position + 1, null, $"missing: the chain goes on at position {link.Position}");
        if (link.Record is null)
            return (link.Position, link.RecordId, "missing: the record has been deleted");
        if (!Same(AuditHash.Compute(chain.Hash, link.Position, link.Record), link.Hash))
        {
            var other = await SwappedWithAsync(chain, link, cancellationToken);
            return (
                link.Position,
                link.RecordId,
                other is { } position
                    ? $"swapped: it stands where position {position} does"
                    : "changed: the record is not what was chained"
            );
        }

        if (
            _anchors.TryGetValue(chain.Organisation, out var anchors)
            && anchors.TryGetValue(link.Position, out var anchor)
        )
        {
            if (!Same(anchor.Hash, link.Hash))
            {
                return (
                    link.Position,
                    link.RecordId,
                    $"rewritten: root {anchor.Root} says otherwise of the records after position {chain.Proved}"
                );
            }

            chain.Proved = link.Position;
        }

        return null;
    }

    // What was before is gone, and a signed root of an age at which it may be says what the chain went on from.
    private bool IsPurgedTo(Chain chain, Link link) =>
        _anchors.TryGetValue(chain.Organisation, out var anchors)
        && anchors.TryGetValue(link.Position, out var anchor)
        && Same(anchor.Hash, link.Hash)
        && anchor.At < TimeProvider.System.GetUtcNow().AddYears(-PurgeAudit.FewestYears);

    // Two of a kind can be exchanged with their places in the chain or without.
    private async Task<long?> SwappedWithAsync(Chain chain, Link link, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand(
            $"""
            SELECT {AuditHash.Selection("record")}, chain.position, chain.hash FROM {_schema}.audit_chain AS chain
            JOIN {_schema}.audit_record AS record ON record.id = record_id
            WHERE chain.organisation = $1 AND position > $2 AND position <= $2 + {SwapWindow} ORDER BY position
            """
        );
        command.Parameters.Add(new() { Value = chain.Organisation });
        command.Parameters.Add(new() { Value = link.Position });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var hash = AuditHash.Compute(chain.Hash, link.Position, AuditHash.Read(reader));
            if (Same(hash, link.Hash) || Same(hash, reader.GetFieldValue<byte[]>(AuditHash.Columns.Count + 1)))
            {
                return reader.GetInt64(AuditHash.Columns.Count);
            }
        }

        return null;
    }

    private AuditFault? End(Chain chain)
    {
        if (!_anchors.Remove(chain.Organisation, out var anchors) || !chain.IsWhole)
            return null;
        var (position, anchor) = anchors.Last();
        return position <= chain.Position
            ? null
            : new AuditFault(
                service,
                chain.Organisation,
                chain.Position + 1,
                null,
                $"truncated: root {anchor.Root} says that the chain had {position} records"
            );
    }

    private async Task<AuditFault?> UnchainedAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            $"""
            SELECT organisation, id FROM {_schema}.audit_record AS record
            WHERE at < now() - $1 AND NOT EXISTS (SELECT FROM {_schema}.audit_chain WHERE record_id = record.id)
            ORDER BY number LIMIT 1
            """,
            connection
        )
        {
            CommandTimeout = 0,
        };
        command.Parameters.Add(new() { Value = Unchained });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? new AuditFault(
                service,
                reader.GetString(0),
                null,
                reader.GetGuid(1),
                "not chained for more than a minute: the service does not seal, or the chain was cut"
            )
            : null;
    }

    private AuditFault OfRoot(long number, string what) => new(service, null, null, null, $"root {number} {what}");

    private static long? TryNumber(string line)
    {
        try
        {
            return AuditRoot.Parse(line).Number;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static bool Same(byte[] one, byte[] other) => one.AsSpan().SequenceEqual(other);

    private sealed record Link(long Position, Guid RecordId, byte[] Hash, object?[]? Record);

    private sealed class Chain(string organisation)
    {
        public string Organisation { get; } = organisation;

        public long Position { get; set; }

        public byte[] Hash { get; set; } = new byte[AuditHash.Bytes];

        /// <summary>The last position that a root agrees with.</summary>
        public long Proved { get; set; }

        public bool IsWhole { get; set; } = true;
    }
}

/// <summary>What is wrong.</summary>
/// <param name="Service">In whose audit.</param>
/// <param name="Organisation">In whose chain; null of a root.</param>
/// <param name="Position">Where in the chain; null of a root, and of what is not chained.</param>
/// <param name="RecordId">The record's id; null where there is none any more.</param>
/// <param name="What">What is wrong with it.</param>
public sealed record AuditFault(string Service, string? Organisation, long? Position, Guid? RecordId, string What)
{
    /// <summary>One line.</summary>
    public override string ToString() =>
        string.Join(
            ' ',
            new[]
            {
                Service,
                Organisation,
                Position is { } position ? string.Create(CultureInfo.InvariantCulture, $"position {position}") : null,
                RecordId is { } id ? $"record {id}" : null,
            }.Where(part => part is not null)
        ) + $": {What}";
}
