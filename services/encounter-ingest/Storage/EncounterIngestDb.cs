using Microsoft.EntityFrameworkCore;
using Safeguarding.Hosting.Storage;
using Safeguarding.Messaging.Storage;

namespace Safeguarding.EncounterIngest.Storage;

/// <summary>The tables of encounter-ingest.</summary>
public sealed class EncounterIngestDb(DbContextOptions<EncounterIngestDb> options) : HubDbContext(options)
{
    internal const string SchemaOfService = "encounter_ingest";

    internal DbSet<EncounterRow> Encounters => Set<EncounterRow>();

    internal DbSet<EncounterVersion> Versions => Set<EncounterVersion>();

    internal DbSet<Site> Sites => Set<Site>();

    /// <inheritdoc/>
    protected override string Schema => SchemaOfService;

    private static readonly RowPolicy s_encounters = RowPolicy.By("encounter", "organisation");

    /// <inheritdoc/>
    public override IReadOnlyList<RowPolicy> RowPolicies { get; } =
    [
        s_encounters,
        RowPolicy.By("encounter_identifier", "organisation"),
        RowPolicy.With("encounter_version", SchemaOfService, s_encounters, "encounter_id"),
        RowPolicy.By("site", "organisation"),
    ];

    /// <inheritdoc/>
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);
        EncounterRow.Configure(modelBuilder.Entity<EncounterRow>());
        EncounterIdentifier.Configure(modelBuilder.Entity<EncounterIdentifier>());
        EncounterVersion.Configure(modelBuilder.Entity<EncounterVersion>());
        LocalNumber.Configure(modelBuilder.Entity<LocalNumber>());
        Site.Configure(modelBuilder.Entity<Site>());
    }
}

internal sealed class EncounterIngestDesignTime : HubDesignTime<EncounterIngestDb>;
