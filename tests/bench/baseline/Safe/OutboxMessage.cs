using System.Text.Json;

namespace Safeguarding.Bench.Baseline.Safe;

/// <summary>A message that is saved with what it tells of, and deleted once the broker has confirmed it.</summary>
public sealed class OutboxMessage
{
    public required Guid Id { get; init; }
    public required string Sender { get; init; }
    public required string Type { get; init; }
    public required string Body { get; init; }

    public static OutboxMessage Of<T>(string sender, T message) =>
        new()
        {
            Id = Guid.CreateVersion7(),
            Sender = sender,
            Type = typeof(T).FullName!,
            Body = JsonSerializer.Serialize(message),
        };

    public object Message() => JsonSerializer.Deserialize(Body, System.Type.GetType(Type, throwOnError: true)!)!;
}

/// <summary>That a consumer has taken a message, saved with what came of it.</summary>
public sealed class InboxMessage
{
    public required string Consumer { get; init; }
    public required Guid MessageId { get; init; }
    public required DateTimeOffset TakenAt { get; init; }
}
