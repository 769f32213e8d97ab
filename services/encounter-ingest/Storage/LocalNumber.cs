using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Safeguarding.Hosting.Privacy;

namespace Safeguarding.EncounterIngest.Storage;

/// <summary>
/// A trust's own number of the patient of an encounter, as a keyed digest, for as long as the encounter's content is
/// kept: a merge of patients names no visit, and finds theirs by it.
/// </summary>
internal sealed class LocalNumber
{
    /// <summary>HMAC of organisation, issuer and number.</summary>
    public required byte[] NumberMac { get; init; }

    public required Guid EncounterId { get; init; }

    /// <summary>When the version that has it was accepted.</summary>
    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>Under every key of the ring, the current one first.</summary>
    public static IReadOnlyList<byte[]> Macs(string organisation, string number, Sealer sealer) =>
        sealer.MacsForSearch("local-number", $"{organisation}\n{number}");

    internal static void Configure(EntityTypeBuilder<LocalNumber> number)
    {
        number.ToTable("local_number");
        number.HasKey(row => new { row.NumberMac, row.EncounterId });
        number.HasIndex(row => row.EncounterId);
        number.HasIndex(row => row.ReceivedAt);
    }
}
