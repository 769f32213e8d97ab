using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Storage;
using Safeguarding.Contracts.Councils;
using Safeguarding.Hosting.Access;
using Safeguarding.Hosting.Privacy;
using Safeguarding.Hosting.Storage;
using Safeguarding.Messaging;
using Safeguarding.PlanRegistry.Domain.BreakGlass;
using Safeguarding.PlanRegistry.Domain.Councils;
using Safeguarding.PlanRegistry.Domain.Lookups;
using Safeguarding.PlanRegistry.Domain.Plans;
using Safeguarding.PlanRegistry.Domain.Uploads;

namespace Safeguarding.PlanRegistry.Storage;

/// <summary>Councils, plans and uploads.</summary>
public sealed class PlanRegistryDb(DbContextOptions<PlanRegistryDb> options) : HubDbContext(options)
{
    internal DbSet<Council> Councils => Set<Council>();

    internal DbSet<Plan> Plans => Set<Plan>();

    internal DbSet<Lookup> Lookups => Set<Lookup>();

    internal DbSet<BreakGlassUse> BreakGlassUses => Set<BreakGlassUse>();

    internal DbSet<Upload> Uploads => Set<Upload>();

    internal DbSet<StagedLine> StagedLines => Set<StagedLine>();

    internal DbSet<UploadEnding> UploadEndings => Set<UploadEnding>();

    /// <inheritdoc/>
    protected override string Schema => "plan_registry";

    /// <inheritdoc/>
    public override IReadOnlyList<SealedColumn> SealedColumns { get; } =
    [new("plan_registry", "break_glass_use", "reason"), new("plan_registry", "break_glass_use", "note")];

    private static readonly RowPolicy s_uploads = RowPolicy.By("upload", "council_code");

    /// <inheritdoc/>
    public override IReadOnlyList<RowPolicy> RowPolicies { get; } =
    [
        RowPolicy.By("council", "code", AcrossCouncils.Lookup),
        // Of a look-up's history other councils' plans say whether the child is restricted.
        RowPolicy.By("plan", "council_code", AcrossCouncils.Lookup, AcrossCouncils.LookupHistory),
        new("lookup", $"councils @> ARRAY[{RowPolicy.Organisation}]")
        {
            Written = $"organisation = {RowPolicy.Organisation}",
            Across = new Dictionary<string, string> { [AcrossCouncils.Lookup] = "SELECT" },
        },
        RowPolicy.By("break_glass_use", "organisation"),
        s_uploads,
        RowPolicy.With("upload_ending", "plan_registry", s_uploads, "upload_id"),
        // PostgreSQL has no COPY under row-level security, and a register comes in by one.
        RowPolicy.Open("upload_line"),
    ];

    /// <summary>
    /// Begins a transaction that changes a council's register. One council's changes happen one after another,
    /// so none decides on stale facts.
    /// </summary>
    internal async Task<IDbContextTransaction> BeginChangeAsync(string councilCode, CancellationToken cancellationToken)
    {
        var transaction = await Database.BeginTransactionAsync(cancellationToken);
        await LockRegisterAsync(councilCode, cancellationToken);
        return transaction;
    }

    /// <summary>Makes the open transaction the only one that changes this council's register.</summary>
    // A repeat changes nothing, and its commit would not wait for the standby, where what it repeats may not have
    // arrived. The empty message makes it wait.
    internal Task LockRegisterAsync(string councilCode, CancellationToken cancellationToken) =>
        Database.ExecuteSqlAsync(
            $"SELECT pg_advisory_xact_lock(hashtextextended({"plan-registry:" + councilCode}, 0)), pg_logical_emit_message(true, '', '')",
            cancellationToken
        );

    /// <inheritdoc/>
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);
        modelBuilder.Entity<Council>(council =>
        {
            council.HasKey(c => c.Code);
            council.Property(c => c.Version).IsConcurrencyToken();
            council
                .Property(c => c.OfficeHours)
                .HasColumnType("jsonb")
                .HasConversion(
                    hours => JsonSerializer.Serialize(hours, HubJson.Options),
                    json => JsonSerializer.Deserialize<List<OfficeHours>>(json, HubJson.Options)!,
                    new ValueComparer<IReadOnlyList<OfficeHours>>(
                        (one, other) => one!.SequenceEqual(other!),
                        hours => hours.Count,
                        hours => hours
                    )
                );
        });
        modelBuilder.Entity<Plan>(plan =>
        {
            plan.HasKey(p => p.Id);
            plan.Property(p => p.Version).IsConcurrencyToken();
            plan.Property(p => p.Kind).HasConversion<string>();
            plan.HasIndex(p => new { p.CouncilCode, p.Reference }).IsUnique().HasFilter("deleted_at IS NULL");
            plan.HasIndex(p => new
                {
                    p.CouncilCode,
                    p.Reference,
                    p.DeletedAt,
                })
                .HasFilter("deleted_at IS NOT NULL");
            plan.HasIndex(p => new { p.CouncilCode, p.NhsNumberMac }).HasFilter("nhs_number_mac IS NOT NULL");
            plan.HasIndex(p => p.NhsNumberMac).HasFilter("nhs_number_mac IS NOT NULL");
            plan.HasIndex(p => p.BirthDateMac).HasFilter("birth_date_mac IS NOT NULL");
            plan.Ignore(p => p.SealedSubject);
        });
        modelBuilder.Entity<Lookup>(lookup =>
        {
            lookup.HasKey(l => l.Id);
            lookup.HasIndex(l => new { l.NhsNumberMac, l.At });
            lookup.HasIndex(l => l.Councils).HasMethod("gin");
        });
        modelBuilder.Entity<BreakGlassUse>(use =>
        {
            use.HasKey(u => u.Id);
            use.Property(u => u.Verdict).HasConversion<string>();
            use.HasIndex(u => new { u.Organisation, u.Id });
            use.HasIndex(u => new { u.Person, u.Until });
            use.Ignore(u => u.Broken);
        });
        modelBuilder.Entity<Upload>(upload =>
        {
            upload.HasKey(u => u.Id);
            // Who receives an upload may be given up meanwhile: then it must not finish it.
            upload.Property(u => u.State).HasConversion<string>().IsConcurrencyToken();
            upload.Property(u => u.Mode).HasConversion<string>();
            upload.Property(u => u.Format).HasConversion<string>();
            upload
                .Property(u => u.Person)
                .HasColumnType("jsonb")
                .HasConversion(
                    person => JsonSerializer.Serialize(person, HubJson.Options),
                    json => JsonSerializer.Deserialize<Person>(json, HubJson.Options)
                );
            upload
                .HasIndex(u => new { u.CouncilCode, u.Sequence })
                .IsUnique()
                .HasFilter("NOT dry_run AND NOT number_released AND state <> 'Failed'");
            upload.HasIndex(u => new { u.CouncilCode, u.Id });
            upload.HasIndex(u => new { u.State, u.ReceivedAt });
        });
        modelBuilder.Entity<StagedLine>(line =>
        {
            line.ToTable("upload_line");
            line.HasKey(l => new { l.UploadId, l.Line });
            line.HasOne<Upload>().WithMany().HasForeignKey(l => l.UploadId).OnDelete(DeleteBehavior.Cascade);
            // Its column is older than its name.
            line.Property(l => l.Action).HasColumnName("deed").HasConversion<string>();
            line.Property(l => l.Kind).HasConversion<string>();
            line.Property(l => l.Outcome).HasConversion<string>();
            line.Property(l => l.Faults).HasColumnType("jsonb");
            line.HasIndex(l => new { l.UploadId, l.Reference });
        });
        modelBuilder.Entity<UploadEnding>(ending =>
        {
            ending.HasKey(e => new { e.UploadId, e.Reference });
            ending.HasOne<Upload>().WithMany().HasForeignKey(e => e.UploadId).OnDelete(DeleteBehavior.Cascade);
        });
    }
}

/// <summary>What reads plans of all councils, by name.</summary>
internal static class AcrossCouncils
{
    public const string Lookup = "lookup";
    public const string LookupHistory = "lookup-history";
}

internal sealed class DesignTime : HubDesignTime<PlanRegistryDb>;
