using Microsoft.EntityFrameworkCore;
using Safeguarding.Hosting.Storage;
using Safeguarding.Matching.Decisions;
using Safeguarding.Matching.NhsNumberChanges;
using Safeguarding.Matching.Reviews;
using Safeguarding.Matching.Shadow;

namespace Safeguarding.Matching.Storage;

/// <summary>
/// The matching schema. Its tables are in <c>tables.sql</c>, because several are partitioned and the hot path speaks to
/// them in SQL; what the routes read is mapped here.
/// </summary>
public sealed class MatchingDb(DbContextOptions<MatchingDb> options) : HubDbContext(options)
{
    /// <inheritdoc/>
    protected override string Schema => "matching";

    internal DbSet<LedgerEntry> Decisions => Set<LedgerEntry>();

    internal DbSet<CouncilMatch> CouncilMatches => Set<CouncilMatch>();

    internal DbSet<Review> Reviews => Set<Review>();

    /// <inheritdoc/>
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);
        LedgerEntry.Configure(modelBuilder.Entity<LedgerEntry>());
        CouncilMatch.Configure(modelBuilder.Entity<CouncilMatch>());
        Review.Configure(modelBuilder.Entity<Review>());
        NumberChange.Configure(modelBuilder.Entity<NumberChange>());
        ShadowDifference.Configure(modelBuilder.Entity<ShadowDifference>());
        ReviewAct.Configure(modelBuilder.Entity<ReviewAct>());
    }
}

/// <summary>For the migrations tool.</summary>
internal sealed class MatchingDesignTime : HubDesignTime<MatchingDb>;
