using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Safeguarding.Contracts.Encounters;

namespace Safeguarding.EncounterIngest.Storage;

/// <summary>A site that a trust has registered: what a council is sent about where a child is.</summary>
internal sealed class Site
{
    public required string Organisation { get; init; }

    public required string Ods { get; init; }

    public required string Name { get; set; }

    public required CareSetting Setting { get; set; }

    /// <summary>Whom a council rings.</summary>
    public string? Phone { get; set; }

    public required DateTimeOffset ChangedAt { get; set; }

    internal static void Configure(EntityTypeBuilder<Site> site)
    {
        site.ToTable("site");
        site.HasKey(row => new { row.Organisation, row.Ods });
        site.Property(row => row.Setting).HasConversion<string>();
    }
}
