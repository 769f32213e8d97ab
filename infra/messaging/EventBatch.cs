using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using Safeguarding.Contracts;

namespace Safeguarding.Messaging;

/// <summary>
/// One broker message: the events of one type that one transaction published. The JSON names keep the older word pack.
/// Its exchange is named by the event's type.
/// </summary>
/// <param name="BatchId">The outbox row; what an acknowledgement names.</param>
/// <param name="Type">Full type name of the events.</param>
/// <param name="Sender">The service that sent it and waits for the acknowledgement.</param>
/// <param name="Events">The events of the batch, as JSON.</param>
public sealed record EventBatch(
    [property: JsonPropertyName("packId")] Guid BatchId,
    string Type,
    string Sender,
    RawJson Events
);

/// <summary>JSON that is passed through without being read.</summary>
/// <param name="Utf8">The JSON text.</param>
[JsonConverter(typeof(RawJsonConverter))]
public readonly record struct RawJson(ReadOnlyMemory<byte> Utf8);

/// <summary>Acknowledges that a listener has stored batches, so that their sender may delete them.</summary>
/// <param name="Listener">The service that took them.</param>
/// <param name="BatchIds">The batches.</param>
public sealed record BatchAcknowledgement(
    string Listener,
    [property: JsonPropertyName("packIds")] IReadOnlyList<Guid> BatchIds
);

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
    public static EventAttribute Get(Type type) =>
        type.GetCustomAttribute<EventAttribute>()
        ?? throw new InvalidOperationException(
            $"{type.FullName} is not an event: it has no [Event] with its sender and listeners."
        );

    /// <summary>The name of its exchange.</summary>
    /// <param name="type">The event.</param>
    public static string WireName(Type type) => type.FullName!;
}
