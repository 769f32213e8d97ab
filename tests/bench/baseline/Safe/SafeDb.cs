using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Safeguarding.Bench.Baseline.Safe;

public sealed class SafeDb(DbContextOptions<SafeDb> options) : RegisterDb(options)
{
    public DbSet<OutboxMessage> Outbox => Set<OutboxMessage>();
    public DbSet<InboxMessage> Inbox => Set<InboxMessage>();
    public DbSet<Decision> Decisions => Set<Decision>();
    public DbSet<OutgoingWebhook> Webhooks => Set<OutgoingWebhook>();

    /// <returns>False where the same was saved before: nothing has changed then.</returns>
    public async Task<bool> TrySaveOnceAsync(CancellationToken cancellationToken)
    {
        try
        {
            await SaveChangesAsync(cancellationToken);
            return true;
        }
        catch (DbUpdateException exception)
            when (exception.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            ChangeTracker.Clear();
            return false;
        }
    }

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);
        modelBuilder.Entity<OutboxMessage>().HasIndex(message => new { message.Sender, message.Id });
        modelBuilder.Entity<InboxMessage>().HasKey(message => new { message.Consumer, message.MessageId });
        modelBuilder.Entity<Decision>().HasKey(decision => decision.EncounterId);
        modelBuilder
            .Entity<OutgoingWebhook>()
            .HasIndex(webhook => webhook.NextAttemptAt)
            .HasFilter(
                """
                "NextAttemptAt" IS NOT NULL
                """
            );
    }
}

/// <summary>What was decided about an encounter.</summary>
public sealed class Decision
{
    public required Guid EncounterId { get; init; }
    public required List<string> Plans { get; init; }
    public required DateTimeOffset DecidedAt { get; init; }
}
