using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Safeguarding.Hosting.Storage;
using Safeguarding.PlanRegistry.Domain.Councils;
using Safeguarding.PlanRegistry.Domain.Plans;
using Safeguarding.PlanRegistry.Domain.Uploads;

namespace Safeguarding.PlanRegistry.Storage;

/// <summary>Councils, plans and uploads.</summary>
public sealed class PlanRegistryDb(DbContextOptions<PlanRegistryDb> options) : HubDbContext(options)
{
    internal DbSet<Council> Councils => Set<Council>();

    internal DbSet<Plan> Plans => Set<Plan>();

    internal DbSet<Upload> Uploads => Set<Upload>();

    internal DbSet<StagedLine> StagedLines => Set<StagedLine>();

    internal DbSet<UploadEnding> UploadEndings => Set<UploadEnding>();

    /// <inheritdoc/>
    protected override string Schema => "plan_registry";

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
        Council.Configure(modelBuilder.Entity<Council>());
        Plan.Configure(modelBuilder.Entity<Plan>());
        Upload.Configure(modelBuilder.Entity<Upload>());
        StagedLine.Configure(modelBuilder.Entity<StagedLine>());
        UploadEnding.Configure(modelBuilder.Entity<UploadEnding>());
    }
}

internal sealed class DesignTime : HubDesignTime<PlanRegistryDb>;
