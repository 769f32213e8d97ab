using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Safeguarding.Messaging.Storage;

/// <summary>
/// That a consumer has taken an event; written in the transaction of the effects. It saves work: effects are
/// also unique by business key and version.
/// </summary>
public sealed class InboxRow
{
    /// <summary>The consumer's queue.</summary>
    public required string Consumer { get; init; }

    /// <summary>The event; a version 7 UUID, so it also says when it was published.</summary>
    public required Guid EventId { get; init; }

    internal static void Configure(EntityTypeBuilder<InboxRow> inbox)
    {
        inbox.ToTable("inbox");
        inbox.HasKey(row => new { row.Consumer, row.EventId });
    }
}
