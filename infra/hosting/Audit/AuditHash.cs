using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace Safeguarding.Hosting.Audit;

/// <summary>
/// What an audit chain is made of: SHA-256 over the hash before it (32 bytes, of zeros for the first) and the canonical
/// form of the record at its position.
/// </summary>
/// <remarks>
/// The canonical form, version 1: the UTF-8 text <c>hub-audit-1</c>, then for the position and each column of
/// <see cref="Columns"/> in that order a line feed, the name, an equals sign, and <c>-</c> where it is null, else the
/// value's length in bytes, a colon and the value. Ids are written with hyphens in lower case, numbers in decimal,
/// times as microseconds since 1970, and a list as its values in the same way, one after the other. A new column means
/// a new version; what was chained keeps the version it was chained in.
/// </remarks>
public static class AuditHash
{
    /// <summary>Bytes of a hash.</summary>
    public const int Bytes = 32;

    /// <summary>The columns of <c>audit_record</c> that are chained, in their order.</summary>
    public static IReadOnlyList<string> Columns { get; } =
    [
        "organisation",
        "id",
        "at",
        "client_id",
        "person",
        "role",
        "assurance",
        "concerning",
        "purpose",
        "lawful_basis",
        "act",
        "subject_type",
        "subject",
        "outcome",
        "code",
        "times",
        "reason",
        "request_id",
        "correlation_id",
    ];

    /// <summary>The same for a SELECT.</summary>
    /// <param name="table">The table's name in the statement.</param>
    public static string Selection(string table) => string.Join(", ", Columns.Select(column => $"{table}.{column}"));

    /// <summary>The values of <see cref="Columns"/> in a row of which they are the first columns.</summary>
    /// <param name="row">A row of <see cref="Selection"/>.</param>
    public static object?[] Read(NpgsqlDataReader row)
    {
        var values = new object?[Columns.Count];
        for (var column = 0; column < values.Length; column++)
            values[column] = row.IsDBNull(column) ? null : row.GetValue(column);
        return values;
    }

    /// <summary>The hash of a record at a position.</summary>
    /// <param name="before">The hash at the position before; of zeros for the first.</param>
    /// <param name="position">Counted from 1 in each organisation's chain.</param>
    /// <param name="record">The values of <see cref="Columns"/>.</param>
    public static byte[] Compute(ReadOnlySpan<byte> before, long position, IReadOnlyList<object?> record)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(before);
        hash.AppendData(Encoding.UTF8.GetBytes(Canonical(position, record)));
        return hash.GetHashAndReset();
    }

    internal static string Canonical(long position, IReadOnlyList<object?> record)
    {
        var text = new StringBuilder("hub-audit-1").Append("\nposition=").Append(Value(position));
        for (var column = 0; column < Columns.Count; column++)
            text.Append('\n').Append(Columns[column]).Append('=').Append(Value(record[column]));
        return text.ToString();
    }

    /// <summary>
    /// The Merkle root over the heads of all chains (as RFC 6962 builds its tree, over SHA-256), sorted by
    /// organisation.
    /// </summary>
    /// <param name="heads">Each chain's last position and hash.</param>
    public static byte[] Root(IEnumerable<ChainHead> heads) => Root(Leaves(heads));

    /// <summary>
    /// What shows that a head is in the root: from the leaf to the root, the hash beside it and on which side it
    /// stands.
    /// </summary>
    /// <param name="heads">All heads.</param>
    /// <param name="organisation">Whose.</param>
    public static IReadOnlyList<ProofStep> Proof(IReadOnlyList<ChainHead> heads, string organisation)
    {
        var index = Sorted(heads).FindIndex(head => head.Organisation == organisation);
        return index < 0 ? [] : [.. Proof(Leaves(heads), index)];
    }

    /// <summary>A leaf of the tree.</summary>
    /// <param name="head">The head.</param>
    public static byte[] Leaf(ChainHead head)
    {
        var position = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(position, head.Position);
        return SHA256.HashData([0, .. Encoding.UTF8.GetBytes(head.Organisation), 0, .. position, .. head.Hash]);
    }

    private static byte[][] Leaves(IEnumerable<ChainHead> heads) => [.. Sorted(heads).Select(Leaf)];

    internal static List<ChainHead> Sorted(IEnumerable<ChainHead> heads) =>
        [.. heads.OrderBy(head => head.Organisation, StringComparer.Ordinal)];

    private static byte[] Root(ReadOnlySpan<byte[]> leaves)
    {
        if (leaves.Length == 1)
            return leaves[0];
        if (leaves.Length == 0)
            return SHA256.HashData([]);
        var left = Split(leaves.Length);
        return SHA256.HashData([1, .. Root(leaves[..left]), .. Root(leaves[left..])]);
    }

    private static List<ProofStep> Proof(ReadOnlySpan<byte[]> leaves, int index)
    {
        if (leaves.Length == 1)
            return [];
        var left = Split(leaves.Length);
        var steps = index < left ? Proof(leaves[..left], index) : Proof(leaves[left..], index - left);
        steps.Add(index < left ? new("right", Root(leaves[left..])) : new("left", Root(leaves[..left])));
        return steps;
    }

    // The largest power of two below the count.
    private static int Split(int count) => (int)BitOperations.RoundUpToPowerOf2((uint)count) / 2;

    private static string Value(object? value)
    {
        if (value is null)
            return "-";
        var text = value switch
        {
            string written => written,
            Guid id => id.ToString("D"),
            DateTime at => Text((at.ToUniversalTime() - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond),
            string[] list => string.Concat(list.Select(Value)),
            _ => Text(Convert.ToInt64(value, CultureInfo.InvariantCulture)),
        };
        return $"{Text(Encoding.UTF8.GetByteCount(text))}:{text}";
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}

/// <summary>Where an organisation's chain ends.</summary>
/// <param name="Organisation">Whose chain.</param>
/// <param name="Position">The last position; the chain has so many records.</param>
/// <param name="Hash">The hash there.</param>
public sealed record ChainHead(string Organisation, long Position, byte[] Hash);

/// <summary>One step from a leaf to the root.</summary>
/// <param name="Side">Where the other hash stands: <c>left</c> or <c>right</c>.</param>
/// <param name="Hash">The other hash.</param>
public sealed record ProofStep(string Side, byte[] Hash);
