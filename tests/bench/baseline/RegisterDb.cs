using Microsoft.EntityFrameworkCore;

namespace Safeguarding.Bench.Baseline;

/// <summary>What both peers keep, and how both find the plans of a patient.</summary>
public abstract class RegisterDb(DbContextOptions options) : DbContext(options)
{
    public DbSet<Plan> Plans => Set<Plan>();
    public DbSet<StoredEncounter> Encounters => Set<StoredEncounter>();

    public Task<List<Plan>> PlansOfAsync(EncounterTaken taken, CancellationToken cancellationToken) =>
        Plans.AsNoTracking().Where(plan => plan.NhsNumber == taken.NhsNumber).ToListAsync(cancellationToken);

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

    public EncounterTaken Taken => new(Id, NhsNumber, FamilyName, GivenName, BirthDate, ReceivedAt);
}
