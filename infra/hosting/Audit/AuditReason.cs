using Safeguarding.Contracts;
using Safeguarding.Hosting.Privacy;

namespace Safeguarding.Hosting.Audit;

/// <summary>A reason that a person wrote: it may name a child, so it is sealed in the record.</summary>
/// <param name="Text">As it was written.</param>
[SealedAs("Safeguarding.Hosting.Audit.AuditReason")]
public sealed record AuditReason(string Text)
{
    /// <summary>The text of the column: <c>sealed:KEY:BASE64</c>.</summary>
    /// <param name="sealer">The service's.</param>
    /// <param name="reason">As it was written.</param>
    public static string Seal(Sealer sealer, string reason)
    {
        var value = sealer.Seal(new AuditReason(reason));
        return SealedColumn.Write(value.KeyId, value.Value);
    }

    /// <summary>What was written, of a record of this release or of an earlier one, which did not seal.</summary>
    /// <param name="sealer">The service's.</param>
    /// <param name="column">The text of the column.</param>
    public static string? Open(Sealer sealer, string? column) =>
        SealedColumn.Read(column) is var (keyId, value)
            ? sealer.Open(new Sealed<AuditReason>(keyId, value)).Text
            : column;
}
