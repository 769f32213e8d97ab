using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Safeguarding.EncounterIngest.Storage;

/// <summary>
/// The business key of an encounter and which version is the newest. Holds no personal data, is not partitioned and
/// outlives the versions, so that one identifier stays one encounter after its content is deleted.
/// </summary>
internal sealed class EncounterRow
{
    public required Guid Id { get; init; }

    /// <summary>ODS code of the sender, from its token.</summary>
    public required string Organisation { get; init; }

    /// <summary>
    /// HMAC of one Encounter.identifier (system and value); <see cref="EncounterIdentifier"/> has
    /// all.
    /// </summary>
    public required byte[] IdentifierMac { get; init; }

    /// <summary>
    /// What tells its identifiers from those of another visit of one episode; null where an older release
    /// stored it.
    /// </summary>
    public byte[]? IdentifierMarks { get; init; }

    public required long Version { get; init; }

    /// <summary>HMAC of what is kept of the newest version: tells a repeat from an update.</summary>
    public required byte[] ContentMac { get; init; }

    /// <summary>The latest meta.lastUpdated that was seen; nothing older overwrites.</summary>
    public DateTimeOffset? LastUpdated { get; init; }

    /// <summary>When the first version was accepted.</summary>
    public required DateTimeOffset FirstReceivedAt { get; init; }

    /// <summary>When the newest version was accepted; its day is the version's partition.</summary>
    public required DateTimeOffset ReceivedAt { get; init; }

    internal static void Configure(EntityTypeBuilder<EncounterRow> encounter)
    {
        encounter.ToTable("encounter");
        encounter.HasKey(row => row.Id);
        encounter.HasIndex(row => new { row.IdentifierMac, row.Organisation }).IsUnique();
    }
}

/// <summary>An identifier of an encounter, each of which finds it.</summary>
internal sealed class EncounterIdentifier
{
    /// <summary>HMAC of Encounter.identifier (system and value).</summary>
    public required byte[] IdentifierMac { get; init; }

    public required string Organisation { get; init; }

    public required Guid EncounterId { get; init; }

    /// <summary>
    /// Several encounters have it, as visits of one episode have the episode's number: it finds
    /// none.
    /// </summary>
    public bool Shared { get; init; }

    internal static void Configure(EntityTypeBuilder<EncounterIdentifier> identifier) =>
        identifier.HasKey(row => new { row.IdentifierMac, row.Organisation });
}

/// <summary>
/// One accepted version, sealed. Partitioned by day in a migration of its own; retention drops whole days.
/// </summary>
internal sealed class EncounterVersion
{
    public required Guid EncounterId { get; init; }

    public required long Version { get; init; }

    public required DateTimeOffset ReceivedAt { get; init; }

    public required string ParticularsKeyId { get; init; }

    public required byte[] Particulars { get; init; }

    public required string PatientKeyId { get; init; }

    public required byte[] Patient { get; init; }

    internal static void Configure(EntityTypeBuilder<EncounterVersion> version)
    {
        version.ToTable("encounter_version", table => table.ExcludeFromMigrations());
        version.HasKey(row => new
        {
            row.EncounterId,
            row.Version,
            row.ReceivedAt,
        });
    }
}
