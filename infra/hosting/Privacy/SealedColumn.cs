using System.Security.Cryptography;

namespace Safeguarding.Hosting.Privacy;

/// <summary>
/// A text column of what people write, such as a reason or a name: its values are sealed. The column's name is
/// authenticated with each value, so that none can be put into another column.
/// </summary>
/// <param name="Schema">The service's schema.</param>
/// <param name="Table">The table.</param>
/// <param name="Column">The column.</param>
/// <param name="Where">SQL that tells the rows in which a person wrote it, where the hub writes the column too; null
/// for all rows.</param>
public sealed record SealedColumn(string Schema, string Table, string Column, string? Where = null)
{
    /// <summary>What is read in place of a text that the key ring cannot open.</summary>
    public const string Unreadable = "unreadable";

    private const string Prefix = "sealed:";

    /// <summary>Seals a text for this column.</summary>
    /// <param name="sealer">The service's.</param>
    /// <param name="text">As it was written.</param>
    public string Seal(Sealer sealer, string text)
    {
        var (keyId, value) = sealer.SealText(ToString(), text);
        return Write(keyId, value);
    }

    /// <summary>
    /// What was written, of a row of this release or of an earlier one, which did not seal. One text that cannot be
    /// opened must not keep the rest of its row from anybody: it reads <see cref="Unreadable"/>.
    /// </summary>
    /// <param name="sealer">The service's.</param>
    /// <param name="stored">What the column holds.</param>
    public string Open(Sealer sealer, string stored)
    {
        if (Read(stored) is not var (keyId, value))
            return stored;
        try
        {
            return sealer.OpenText(ToString(), keyId, value);
        }
        catch (CryptographicException)
        {
            return Unreadable;
        }
    }

    /// <summary>The name that is authenticated.</summary>
    public override string ToString() => $"{Schema}.{Table}.{Column}";

    /// <summary>How a sealed value is written in a text column: <c>sealed:KEY:BASE64</c>.</summary>
    internal static string Write(string keyId, byte[] value) => $"{Prefix}{keyId}:{Convert.ToBase64String(value)}";

    /// <summary>The sealed value in a text column; null where it was not sealed.</summary>
    internal static (string KeyId, byte[] Value)? Read(string? stored)
    {
        if (stored?.StartsWith(Prefix, StringComparison.Ordinal) != true)
            return null;
        var end = stored.LastIndexOf(':');
        var value = new byte[stored.Length];
        return end > Prefix.Length && Convert.TryFromBase64String(stored[(end + 1)..], value, out var length)
            ? (stored[Prefix.Length..end], value[..length])
            : null;
    }
}
