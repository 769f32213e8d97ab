using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Safeguarding.Messaging.Storage;

/// <summary>
/// A message that fails while others pass, kept for an operator to look at and replay. The body's personal traits are
/// sealed, and neither the reason nor the exception type quotes it.
/// </summary>
public sealed class ParkedMessage
{
    /// <summary>Sorts by time.</summary>
    public required Guid Id { get; init; }

    /// <summary>The queue it came from.</summary>
    public required string Consumer { get; init; }

    /// <summary>Full type name of the event, where it could be read.</summary>
    public string? EventType { get; init; }

    /// <summary>The event's id, where it could be read.</summary>
    public Guid? EventId { get; init; }

    /// <summary>The message as it came; for one event of a batch, a batch of one.</summary>
    public required byte[] Body { get; init; }

    /// <summary>
    /// Why, from a fixed list: <c>unreadable</c>, <c>unknown-event</c>, <c>consumer-failed</c>,
    /// <c>delivery-limit</c>.
    /// </summary>
    public required string Reason { get; init; }

    /// <summary>Type of the exception, without its text.</summary>
    public string? ExceptionType { get; init; }

    /// <summary>When it was parked.</summary>
    public required DateTimeOffset ParkedAt { get; init; }

    /// <summary>When a replay went through, or null.</summary>
    public DateTimeOffset? ReplayedAt { get; set; }

    internal static void Configure(EntityTypeBuilder<ParkedMessage> parked)
    {
        parked.HasKey(message => message.Id);
        parked
            .HasIndex(message => message.ParkedAt)
            .HasFilter("replayed_at IS NULL")
            .HasDatabaseName("ix_parked_message_waiting");
    }
}
