using Microsoft.EntityFrameworkCore;
using Npgsql;
using Safeguarding.Hosting.Privacy;
using Safeguarding.Hosting.Storage;
using Safeguarding.Matching.Domain.Decisions;
using Safeguarding.Matching.Domain.NhsNumberChanges;
using Safeguarding.Matching.Domain.Reviews;

namespace Safeguarding.Matching.Storage;

/// <summary>
/// The matching schema. Its tables are in <c>tables.sql</c>, because several are partitioned and the hot path speaks to
/// them in SQL; what the routes read is mapped here.
/// </summary>
public sealed class MatchingDb(DbContextOptions<MatchingDb> options) : HubDbContext(options)
{
    /// <inheritdoc/>
    protected override string Schema => "matching";

    /// <summary>Statements in the transaction that is open.</summary>
    internal NpgsqlBatch Batch() => new(Connection);

    internal static readonly SealedColumn ClaimedBy = Column("review", "claimed_by");

    // The rules decide too, and give reasons of a fixed list.
    internal static readonly SealedColumn DecidedBy = Column("decision", "decided_by");
    internal static readonly SealedColumn DecisionReason = Column("decision", "reason", "decided_by IS NOT NULL");

    /// <inheritdoc/>
    public override IReadOnlyList<SealedColumn> SealedColumns { get; } =
    [
        ClaimedBy,
        Column("review", "opinion_by"),
        Column("review_act", "reviewer"),
        Column("review_act", "reason"),
        DecidedBy,
        DecisionReason,
        Column("number_change", "decided_by"),
        Column("number_change", "reason"),
    ];

    /// <inheritdoc/>
    public override IReadOnlyList<RowPolicy> RowPolicies { get; } =
    [
        RowPolicy.By("council_match", "council_code"),
        RowPolicy.By("decision", "council_code"),
        RowPolicy.By("plan", "council_code"),
        RowPolicy.By("review", "council_code"),
        RowPolicy.By("review_act", "council_code"),
        RowPolicy.By("review_encounter", "council_code"),
        RowPolicy.By("verdict", "council_code"),
        OfConcern("encounter_fact"),
        OfConcern("kept_encounter"),
    ];

    // A council is asked about an encounter, or was notified of it.
    private static RowPolicy OfConcern(string table) =>
        new(
            table,
            $"""
            EXISTS (SELECT FROM matching.review_member AS one
                WHERE one.encounter_id = {table}.encounter_id AND one.council_code = {RowPolicy.Organisation})
            OR EXISTS (SELECT FROM matching.council_match AS one
                WHERE one.encounter_id = {table}.encounter_id AND one.council_code = {RowPolicy.Organisation})
            """
        );

    /// <inheritdoc/>
    // Whose plan restricts a child is nobody else's to read; that one does, each must know.
    public override IReadOnlyList<string> FunctionsOfRequests { get; } =
    ["restricted_encounters", "withheld_encounters"];

    internal DbSet<LedgerEntry> Decisions => Set<LedgerEntry>();

    internal DbSet<CouncilMatch> CouncilMatches => Set<CouncilMatch>();

    internal DbSet<Review> Reviews => Set<Review>();

    /// <inheritdoc/>
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);
        modelBuilder.Entity<LedgerEntry>(decision =>
        {
            decision.ToTable("decision", table => table.ExcludeFromMigrations());
            decision.HasKey(entry => new { entry.DecisionId, entry.Day });
            decision.Property(entry => entry.Evidence).HasColumnType("jsonb");
            decision.Property(entry => entry.Outcome).HasConversion<string>();
        });
        modelBuilder.Entity<CouncilMatch>(match =>
        {
            match.ToTable("council_match", table => table.ExcludeFromMigrations());
            match.HasKey(row => new { row.EncounterId, row.CouncilCode });
            match.Property(row => row.Plans).HasColumnType("jsonb");
            match.Ignore(row => row.MatchedPlans);
        });
        modelBuilder.Entity<Review>(review =>
        {
            review.ToTable("review", table => table.ExcludeFromMigrations());
            review.HasKey(row => row.ReviewId);
            review.Property(row => row.Evidence).HasColumnType("jsonb");
            review.Property(row => row.Opinion).HasConversion<string>();
            review
                .Property(row => row.State)
                .HasConversion(
                    state => state.ToString().ToLowerInvariant(),
                    text => Enum.Parse<ReviewState>(text, true)
                );
        });
        modelBuilder.Entity<NumberChange>(change =>
        {
            change.ToTable("number_change", table => table.ExcludeFromMigrations());
            change.HasKey(row => row.ChangeId);
            change.Ignore(row => row.Sealed);
            change
                .Property(row => row.Kind)
                .HasConversion(
                    kind => kind.ToString().ToLowerInvariant(),
                    text => Enum.Parse<NumberChangeKind>(text, true)
                );
            change
                .Property(row => row.State)
                .HasConversion(
                    state => state.ToString().ToLowerInvariant(),
                    text => Enum.Parse<NumberChangeState>(text, true)
                );
        });
        modelBuilder.Entity<ShadowDifference>(difference =>
        {
            difference.ToTable("shadow_difference", table => table.ExcludeFromMigrations());
            difference.HasKey(row => new { row.DifferenceId, row.Day });
            difference.Property(row => row.Live).HasConversion<string>();
            difference.Property(row => row.Shadow).HasConversion<string>();
        });
        modelBuilder.Entity<ReviewAct>(act =>
        {
            act.ToTable("review_act", table => table.ExcludeFromMigrations());
            act.HasKey(row => row.ActId);
            // Its column is older than its name.
            act.Property(row => row.Action).HasColumnName("deed").HasConversion<string>();
            act.Property(row => row.Verdict).HasConversion<string>();
        });
    }

    private static SealedColumn Column(string table, string column, string? where = null) =>
        new("matching", table, column, where);
}

/// <summary>For the migrations tool.</summary>
internal sealed class MatchingDesignTime : HubDesignTime<MatchingDb>;
