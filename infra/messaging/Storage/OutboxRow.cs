using System.Buffers;
using System.Diagnostics;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Safeguarding.Contracts;

namespace Safeguarding.Messaging.Storage;

/// <summary>
/// Events of one type from one transaction, on their way: one row is one broker message. Kept until every listener has
/// confirmed it, so that the broker never holds the only copy.
/// </summary>
public sealed class OutboxRow
{
    private const int MaxEvents = 200;
    private const int MaxBytes = 512 * 1024;

    /// <summary>The batch's id; sorts by time.</summary>
    public required Guid Id { get; init; }

    /// <summary>Full type name of the events; the exchange.</summary>
    public required string EventType { get; init; }

    /// <summary>The events of the batch as JSON.</summary>
    public required byte[] Body { get; init; }

    /// <summary>When it was committed, to within the transaction.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The listeners that have not confirmed it yet.</summary>
    public required string[] Awaiting { get; init; }

    /// <summary>When it may be sent (again): the lease while being sent, the wait for acknowledgements
    /// afterwards.</summary>
    public required DateTimeOffset NextAttemptAt { get; init; }

    /// <summary>How often it was claimed for sending.</summary>
    public int Attempts { get; init; }

    /// <summary>When the broker first confirmed it, or null.</summary>
    public DateTimeOffset? SentAt { get; init; }

    internal static void Configure(EntityTypeBuilder<OutboxRow> outbox)
    {
        outbox.ToTable("outbox");
        outbox.HasKey(row => row.Id);
        outbox.HasIndex(row => row.NextAttemptAt);
        outbox.HasIndex(row => row.CreatedAt).HasFilter("sent_at IS NULL").HasDatabaseName("ix_outbox_unsent");
    }

    internal static IEnumerable<OutboxRow> Batch(IReadOnlyList<OutgoingEvent> events, DateTimeOffset now)
    {
        foreach (var sameType in events.GroupBy(e => e.Type))
        {
            var batch = new List<OutgoingEvent>();
            var bytes = 0;
            foreach (var e in sameType)
            {
                if (batch.Count == MaxEvents || (batch.Count > 0 && bytes + e.Utf8.Length > MaxBytes))
                {
                    yield return Row(batch, now);
                    batch.Clear();
                    bytes = 0;
                }

                batch.Add(e);
                bytes += e.Utf8.Length;
            }

            yield return Row(batch, now);
        }
    }

    private static OutboxRow Row(List<OutgoingEvent> batch, DateTimeOffset now)
    {
        var body = new ArrayBufferWriter<byte>(batch.Sum(e => e.Utf8.Length + 160));
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartArray();
            foreach (var e in batch)
            {
                json.WriteStartObject();
                json.WriteString("id", e.Id);
                json.WriteString("at", now);
                if (e.Trace is not null)
                    json.WriteString("trace", e.Trace);
                json.WritePropertyName("event");
                json.WriteRawValue(e.Utf8, skipInputValidation: true);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        return new OutboxRow
        {
            Id = Guid.CreateVersion7(),
            EventType = batch[0].Type,
            Body = body.WrittenSpan.ToArray(),
            CreatedAt = now,
            Awaiting = [.. batch[0].Catalogue.Listeners],
            NextAttemptAt = now,
        };
    }
}

/// <summary>An event that waits in its context for the save.</summary>
internal sealed record OutgoingEvent(Guid Id, string Type, EventAttribute Catalogue, string? Trace, byte[] Utf8)
{
    public static OutgoingEvent Of<TEvent>(TEvent @event, ActivityContext trace)
        where TEvent : class =>
        new(
            Guid.CreateVersion7(),
            EventCatalogue.WireName(typeof(TEvent)),
            Entry<TEvent>.Of,
            TraceParent.Of(trace),
            JsonSerializer.SerializeToUtf8Bytes(@event, HubJson.Options)
        );

    // Read from the type once: attributes are constructed each time they are asked for.
    private static class Entry<TEvent>
    {
        public static readonly EventAttribute Of = EventCatalogue.Get(typeof(TEvent));
    }
}
