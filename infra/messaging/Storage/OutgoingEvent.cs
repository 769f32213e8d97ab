using System.Diagnostics;
using System.Text.Json;
using Safeguarding.Contracts;

namespace Safeguarding.Messaging.Storage;

/// <summary>An event that waits in its context for the save.</summary>
internal sealed record OutgoingEvent(Guid Id, string Type, EventAttribute Catalogue, string? Trace, byte[] Utf8)
{
    public static OutgoingEvent Of<TEvent>(TEvent @event, ActivityContext trace)
        where TEvent : class =>
        new(
            Guid.CreateVersion7(),
            EventCatalogue.WireName(typeof(TEvent)),
            Entry<TEvent>.Of,
            trace == default
                ? null
                : $"00-{trace.TraceId}-{trace.SpanId}-{(trace.TraceFlags.HasFlag(ActivityTraceFlags.Recorded) ? "01" : "00")}",
            JsonSerializer.SerializeToUtf8Bytes(@event, HubJson.Options)
        );

    // Read from the type once: attributes are constructed each time they are asked for.
    private static class Entry<TEvent>
    {
        public static readonly EventAttribute Of = EventCatalogue.Of(typeof(TEvent));
    }
}
