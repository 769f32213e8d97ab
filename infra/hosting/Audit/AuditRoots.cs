using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Safeguarding.Hosting.Audit;

/// <summary>
/// Once an hour the Merkle root over the heads of all chains, signed, in the database and in a file that the database's
/// owner cannot reach: <c>Audit__RootsDirectory/SERVICE.jsonl</c>, a line for each root, only ever appended to. The
/// file is brought up to the table, so a new directory gets all roots again.
/// </summary>
internal sealed class AuditRoots(IConfiguration configuration, AuditedService service, TimeProvider clock)
{
    private const string DirectorySetting = "Audit:RootsDirectory";
    private const string KeySetting = "Audit:SigningKey";
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private readonly string _schema = service.Schema;
    private DateTimeOffset? _next;
    private string? _written;

    /// <summary>Where the roots go; null where they are off.</summary>
    private string? File =>
        configuration[DirectorySetting] is { Length: > 0 } directory
            ? Path.Combine(directory, $"{service.Name}.jsonl")
            : null;

    /// <summary>What is wrong with the settings; null where nothing is.</summary>
    public static string? ValidationErrors(IConfiguration configuration) =>
        (configuration[DirectorySetting], configuration[KeySetting]) switch
        {
            (null or "", _) => null,
            (_, null or "") => "Audit__RootsDirectory is set without Audit__SigningKey: the key in PEM. init makes it.",
            (var directory, _) when !Directory.Exists(directory) => "Audit__RootsDirectory is not there.",
            _ when KeyOf(configuration) is null => "Audit__SigningKey is not a private EC key in PEM.",
            _ => null,
        };

    /// <summary>The service's key; null where none is set, or it is none.</summary>
    public static ECDsa? KeyOf(IConfiguration configuration)
    {
        if (configuration[KeySetting] is not { Length: > 0 } pem)
            return null;
        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(pem);
            return key;
        }
        catch (Exception exception) when (exception is ArgumentException or CryptographicException)
        {
            key.Dispose();
            return null;
        }
    }

    /// <summary>
    /// Makes this hour's root where it is missing, and writes what the file misses. Within the turn of the sealer, so
    /// that nobody else does.
    /// </summary>
    public async Task MakeDueAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        if (File is not { } file)
            return;
        var now = clock.GetUtcNow();
        if (now < _next && _written is not null)
            return;
        // Of the transaction before, so that no line stands in the file whose row was rolled back.
        await WriteMissingAsync(connection, file, cancellationToken);
        var last = await LastAsync(connection, cancellationToken);
        if (last is null || AuditRoot.Parse(last).At + Hour <= now)
        {
            if (await HeadsAsync(connection, cancellationToken) is not { Count: > 0 } heads)
                return;
            await AddAsync(connection, Sign(last, heads, now), cancellationToken);
            // The file follows with the next run, after the commit.
            _next = null;
            return;
        }

        _next = AuditRoot.Parse(last).At + Hour;
    }

    private AuditRoot Sign(string? last, List<ChainHead> heads, DateTimeOffset now)
    {
        using var key = KeyOf(configuration)!;
        return AuditRoot.Sign(
            key,
            service.Name,
            last is null ? null : AuditRoot.Parse(last),
            DateTimeOffset.FromUnixTimeMilliseconds(now.ToUnixTimeMilliseconds()),
            heads
        );
    }

    private async Task<List<ChainHead>> HeadsAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        // From organisation to organisation by the key, whatever the length of their chains.
        await using var command = new NpgsqlCommand(
            $"""
            WITH RECURSIVE one AS (
                (SELECT organisation FROM {_schema}.audit_chain ORDER BY organisation LIMIT 1)
                UNION ALL
                SELECT (SELECT chain.organisation FROM {_schema}.audit_chain AS chain
                    WHERE chain.organisation > one.organisation ORDER BY chain.organisation LIMIT 1)
                FROM one WHERE one.organisation IS NOT NULL)
            SELECT head.organisation, head.position, head.hash FROM one CROSS JOIN LATERAL (
                SELECT * FROM {_schema}.audit_chain AS chain WHERE chain.organisation = one.organisation
                ORDER BY position DESC LIMIT 1) AS head
            """,
            connection
        );
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var heads = new List<ChainHead>();
        while (await reader.ReadAsync(cancellationToken))
            heads.Add(new ChainHead(reader.GetString(0), reader.GetInt64(1), reader.GetFieldValue<byte[]>(2)));
        return heads;
    }

    private async Task<string?> LastAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            $"SELECT line FROM {_schema}.audit_root ORDER BY number DESC LIMIT 1",
            connection
        );
        return await command.ExecuteScalarAsync(cancellationToken) as string;
    }

    private async Task AddAsync(NpgsqlConnection connection, AuditRoot root, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            $"INSERT INTO {_schema}.audit_root VALUES ($1, $2, $3)",
            connection
        );
        command.Parameters.Add(new() { Value = root.Number });
        command.Parameters.Add(new() { Value = root.At });
        command.Parameters.Add(new() { Value = root.ToString() });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task WriteMissingAsync(NpgsqlConnection connection, string file, CancellationToken cancellationToken)
    {
        _written ??= System.IO.File.Exists(file) ? System.IO.File.ReadLines(file).LastOrDefault() ?? "" : "";
        await using var command = new NpgsqlCommand(
            $"SELECT line FROM {_schema}.audit_root WHERE number > $1 ORDER BY number",
            connection
        );
        command.Parameters.Add(new() { Value = _written is "" ? 0L : AuditRoot.Parse(_written).Number });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var line = reader.GetString(0);
            await using var stream = new FileStream(file, FileMode.Append, FileAccess.Write, FileShare.Read);
            await stream.WriteAsync(Encoding.UTF8.GetBytes($"{line}\n"), cancellationToken);
            stream.Flush(flushToDisk: true);
            _written = line;
        }
    }
}

/// <summary>A signed root, as its line in the file and in <c>audit_root</c>.</summary>
/// <param name="Service">Whose chains.</param>
/// <param name="Number">Counted from 1.</param>
/// <param name="At">When, to the millisecond.</param>
/// <param name="Root">The Merkle root (<see cref="AuditHash.Root(IEnumerable{ChainHead})"/>).</param>
/// <param name="Previous">The root before; of zeros for the first.</param>
/// <param name="Heads">The heads that it is made of.</param>
/// <param name="Signature">
/// ECDSA over P-256 and SHA-256, in IEEE P1363 form, of <see cref="TextToSign"/>.
/// </param>
public sealed record AuditRoot(
    string Service,
    long Number,
    DateTimeOffset At,
    byte[] Root,
    byte[] Previous,
    IReadOnlyList<ChainHead> Heads,
    byte[] Signature
)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>
    /// The text that is signed: <c>hub-audit-root-1</c>, service, number, milliseconds since 1970, root and previous
    /// root in hex, each on a line.
    /// </summary>
    public string TextToSign() =>
        string.Create(
            System.Globalization.CultureInfo.InvariantCulture,
            $"hub-audit-root-1\n{Service}\n{Number}\n{At.ToUnixTimeMilliseconds()}\n"
                + $"{Convert.ToHexStringLower(Root)}\n{Convert.ToHexStringLower(Previous)}\n"
        );

    /// <summary>Signs the next root.</summary>
    /// <param name="key">A key on the curve P-256.</param>
    /// <param name="service">Whose chains.</param>
    /// <param name="last">The root before; null for the first.</param>
    /// <param name="at">When.</param>
    /// <param name="heads">The heads of all chains.</param>
    public static AuditRoot Sign(
        ECDsa key,
        string service,
        AuditRoot? last,
        DateTimeOffset at,
        IReadOnlyList<ChainHead> heads
    )
    {
        var root = new AuditRoot(
            service,
            (last?.Number ?? 0) + 1,
            at,
            AuditHash.Root(heads),
            last?.Root ?? new byte[AuditHash.Bytes],
            AuditHash.Sorted(heads),
            []
        );
        return root with
        {
            Signature = key.SignData(Encoding.UTF8.GetBytes(root.TextToSign()), HashAlgorithmName.SHA256),
        };
    }

    /// <summary>Whether this key signed it, and it is the root of its heads.</summary>
    /// <param name="key">The public key.</param>
    public bool IsTrue(ECDsa key) =>
        Root.AsSpan().SequenceEqual(AuditHash.Root(Heads))
        && key.VerifyData(Encoding.UTF8.GetBytes(TextToSign()), Signature, HashAlgorithmName.SHA256);

    /// <summary>Of a line.</summary>
    /// <exception cref="JsonException">It is none.</exception>
    public static AuditRoot Parse(string line) =>
        JsonSerializer.Deserialize<AuditRoot>(line, Json) ?? throw new JsonException("The line is empty.");

    /// <summary>The line, without its end.</summary>
    public override string ToString() => JsonSerializer.Serialize(this, Json);
}
