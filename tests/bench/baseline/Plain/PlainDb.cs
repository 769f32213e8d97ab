using Microsoft.EntityFrameworkCore;

namespace Safeguarding.Bench.Baseline.Plain;

public sealed class PlainDb(DbContextOptions<PlainDb> options) : RegisterDb(options)
{
    public DbSet<Delivery> Deliveries => Set<Delivery>();
}

public sealed class Delivery
{
    public required Guid Id { get; init; }
    public required Guid EncounterId { get; init; }
    public required string Council { get; init; }
    public required int Status { get; init; }
    public required DateTimeOffset SentAt { get; init; }
}
