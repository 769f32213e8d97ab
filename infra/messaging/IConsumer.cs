using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using Safeguarding.Contracts;
using Safeguarding.Messaging.Storage;

namespace Safeguarding.Messaging;

/// <summary>
/// Consumes one kind of event. Make implementations public, sealed and named for what they do
/// (<c>MatchEncountersConsumer</c>); the queue's name comes from it. Runs inside the inbox's transaction: what it
/// writes, what it publishes and the note that the events were taken are committed together. Throw on failure: the
/// batch is then tried one by one, and what fails alone is parked.
/// </summary>
/// <typeparam name="TEvent">An event of the contracts.</typeparam>
/// <example>
/// <code>
/// public sealed class CloseCaseConsumer(CasesDb db) : IConsumer&lt;PlanEnded&gt;
/// {
///     public async Task Consume(IReadOnlyList&lt;Received&lt;PlanEnded&gt;&gt; batch, CancellationToken stopping)
///     {
///         foreach (var ended in batch)
///             db.Publish(new CaseClosed(ended.Event.PlanId), ended); // in the inbox's transaction
///         await db.SaveChangesAsync(stopping);
///     }
/// }
/// </code>
/// </example>
public interface IConsumer<TEvent>
    where TEvent : class
{
    /// <summary>
    /// Handles events that this consumer has not taken before, in the order they were published; never empty,
    /// often one.
    /// </summary>
    /// <param name="batch">The events.</param>
    /// <param name="cancellationToken">Cancelled when the service stops; the events come again.</param>
    /// <exception cref="DependencyUnavailableException">
    /// What the consumer depends on is unavailable: it is tried again until it succeeds, and nothing is parked.
    /// </exception>
    Task Consume(IReadOnlyList<Received<TEvent>> batch, CancellationToken cancellationToken);
}

/// <summary>Names the queue of a consumer whose class has been renamed: what waits in it must still find it.</summary>
/// <param name="name">The queue without the service: what the class's first name made of it.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class QueueNameAttribute(string name) : Attribute
{
    /// <summary>The queue without the service.</summary>
    public string Name => name;
}

/// <summary>A trace context as text.</summary>
public static class TraceParent
{
    /// <summary>As W3C's <c>traceparent</c> has it; null where there is no trace.</summary>
    /// <param name="trace">The context.</param>
    public static string? Of(ActivityContext trace) =>
        trace.TraceId == default
            ? null
            : $"00-{trace.TraceId}-{trace.SpanId}-{(trace.TraceFlags.HasFlag(ActivityTraceFlags.Recorded) ? "01" : "00")}";
}

/// <summary>An event as it arrived.</summary>
/// <typeparam name="TEvent">An event of the contracts.</typeparam>
/// <param name="EventId">The event's own id: the inbox's key, the same over every repeat.</param>
/// <param name="PublishedAt">When its sender committed it.</param>
/// <param name="Event">The event.</param>
/// <param name="Trace">Where its trace stands; pass it on by publishing with this as the cause.</param>
public sealed record Received<TEvent>(Guid EventId, DateTimeOffset PublishedAt, TEvent Event, ActivityContext Trace)
    where TEvent : class;

/// <summary>
/// One broker message: the events of one type that one transaction published. The JSON names keep the older word pack.
/// Its exchange is named by the event's type.
/// </summary>
/// <param name="PackId">The outbox row; what a receipt names.</param>
/// <param name="Type">Full type name of the events.</param>
/// <param name="Sender">The service that sent it and waits for the receipt.</param>
/// <param name="Events">The events of the batch, as JSON.</param>
public sealed record EventBatch(Guid PackId, string Type, string Sender, RawJson Events);

/// <summary>JSON that is passed through without being read.</summary>
/// <param name="Utf8">The JSON text.</param>
[JsonConverter(typeof(RawJsonConverter))]
public readonly record struct RawJson(ReadOnlyMemory<byte> Utf8);

/// <summary>Acknowledges that a listener has stored batches, so that their sender may delete them.</summary>
/// <param name="Listener">The service that took them.</param>
/// <param name="PackIds">The batches.</param>
public sealed record BatchAcknowledgement(string Listener, IReadOnlyList<Guid> PackIds);

internal sealed record BatchedEvent<TEvent>(Guid Id, DateTimeOffset At, string? Trace, TEvent Event)
    where TEvent : class
{
    public ActivityContext TraceContext =>
        ActivityContext.TryParse(Trace, null, isRemote: true, out var context) ? context : default;
}

internal sealed class RawJsonConverter : JsonConverter<RawJson>
{
    public override RawJson Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        new(JsonMarshal.GetRawUtf8Value(JsonElement.ParseValue(ref reader)).ToArray());

    public override void Write(Utf8JsonWriter writer, RawJson value, JsonSerializerOptions options) =>
        writer.WriteRawValue(value.Utf8.Span, skipInputValidation: true);
}

/// <summary>What the contracts say about an event: its wire name, its sender, its listeners.</summary>
public static class EventCatalogue
{
    /// <summary>Who sends an event, and who listens.</summary>
    /// <param name="type">The event.</param>
    /// <exception cref="InvalidOperationException">The type has no <c>[Event]</c>.</exception>
    public static EventAttribute Of(Type type) =>
        type.GetCustomAttribute<EventAttribute>()
        ?? throw new InvalidOperationException(
            $"{type.FullName} is not an event: it has no [Event] with its sender and listeners."
        );

    /// <summary>The name of its exchange.</summary>
    /// <param name="type">The event.</param>
    public static string WireName(Type type) => type.FullName!;
}
