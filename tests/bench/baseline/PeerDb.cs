using Microsoft.EntityFrameworkCore;

namespace Safeguarding.Bench.Baseline;

public sealed class PeerDb(DbContextOptions<PeerDb> options) : DbContext(options)
{
    public DbSet<Plan> Plans => Set<Plan>();
    public DbSet<StoredEncounter> Encounters => Set<StoredEncounter>();
    public DbSet<Delivery> Deliveries => Set<Delivery>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<Plan>().HasKey(plan => plan.Reference);
        modelBuilder.Entity<Plan>().HasIndex(plan => plan.NhsNumber);
        modelBuilder.Entity<StoredEncounter>().HasIndex(encounter => encounter.Identifier).IsUnique();
    }
}

public sealed class Plan
{
    public required string Reference { get; init; }
    public required string NhsNumber { get; init; }
    public required string Council { get; init; }
}

public sealed class StoredEncounter
{
    public required Guid Id { get; init; }
    public required string Identifier { get; init; }
    public required string Status { get; init; }
    public string? NhsNumber { get; init; }
    public string? FamilyName { get; init; }
    public string? GivenName { get; init; }
    public string? BirthDate { get; init; }
    public required DateTimeOffset ReceivedAt { get; init; }
}

public sealed class Delivery
{
    public required Guid Id { get; init; }
    public required Guid EncounterId { get; init; }
    public required string Council { get; init; }
    public required int Status { get; init; }
    public required DateTimeOffset SentAt { get; init; }
}

public sealed class Counts
{
    private long _handled;
    private long _published;

    public long Handled => Interlocked.Read(ref _handled);
    public long Published => Interlocked.Read(ref _published);

    public void OneHandled() => Interlocked.Increment(ref _handled);

    public void OnePublished() => Interlocked.Increment(ref _published);
}
