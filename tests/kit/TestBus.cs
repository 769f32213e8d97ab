using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Text.Json;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using RabbitMQ.Client.Exceptions;
using Safeguarding.Contracts;
using Safeguarding.Messaging;

namespace Safeguarding.TestKit;

/// <summary>
/// The bus as the other services see it, on the plain RabbitMQ client: it publishes events as their sender would, and
/// listens to what a service publishes.
/// </summary>
public sealed class TestBus : IAsyncDisposable
{
    private readonly IConnection _connection;
    private readonly IChannel _channel;
    private readonly SemaphoreSlim _one = new(1);

    private TestBus(IConnection connection, IChannel channel) => (_connection, _channel) = (connection, channel);

    internal static async Task<TestBus> ConnectAsync(Uri uri)
    {
        var connection = await new ConnectionFactory { Uri = uri }.CreateConnectionAsync();
        return new TestBus(connection, await connection.CreateChannelAsync(new CreateChannelOptions(true, true)));
    }

    /// <summary>Publishes events in one batch, each with a new id, and waits until a queue has them.</summary>
    public async Task PublishAsync<TEvent>(params TEvent[] events)
        where TEvent : class => await PublishAsync([.. events.Select(e => (Guid.CreateVersion7(), e))]);

    /// <summary>Publishes events in one batch with given ids: the same id again is the same event again.</summary>
    public async Task PublishAsync<TEvent>((Guid Id, TEvent Event)[] events)
        where TEvent : class
    {
        var catalogue = (EventAttribute)Attribute.GetCustomAttribute(typeof(TEvent), typeof(EventAttribute))!;
        await PublishRawAsync<TEvent>(
            JsonSerializer.SerializeToUtf8Bytes(
                new
                {
                    packId = Guid.CreateVersion7(),
                    type = typeof(TEvent).FullName,
                    sender = catalogue.Sender,
                    events = events.Select(e => new
                    {
                        id = e.Id,
                        at = TimeProvider.System.GetUtcNow(),
                        @event = e.Event,
                    }),
                },
                HubJson.Options
            )
        );
    }

    /// <summary>Publishes any bytes to an event's exchange.</summary>
    public async Task PublishRawAsync<TEvent>(byte[] body)
        where TEvent : class
    {
        await _one.WaitAsync();
        try
        {
            await Eventually.UntilAsync(
                async () =>
                {
                    try
                    {
                        await _channel.ExchangeDeclareAsync(
                            typeof(TEvent).FullName!,
                            ExchangeType.Fanout,
                            durable: true
                        );
                        await _channel.BasicPublishAsync(
                            typeof(TEvent).FullName!,
                            "",
                            mandatory: true,
                            new BasicProperties
                            {
                                ContentType = "application/json",
                                MessageId = Guid.CreateVersion7().ToString(),
                                Persistent = true,
                            },
                            body
                        );
                        return null;
                    }
                    catch (Exception exception) when (exception is PublishException or OperationInterruptedException)
                    {
                        // No queue is bound yet, because the service is still starting; or the broker was taken away,
                        // and the connection comes back.
                        return exception;
                    }
                },
                failure => failure is null,
                TimeSpan.FromMinutes(3),
                "the broker takes what is published"
            );
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>
    /// Listens from now on, as its real listener would. What was published before is left out: of an earlier test's
    /// events that nobody took, the outbox sends each again to whoever listens next.
    /// </summary>
    public async Task<EventsSeen<TEvent>> ListenAsync<TEvent>()
        where TEvent : class
    {
        await _one.WaitAsync();
        try
        {
            await _channel.ExchangeDeclareAsync(typeof(TEvent).FullName!, ExchangeType.Fanout, durable: true);
            var queue = (
                await _channel.QueueDeclareAsync(
                    $"test-{Guid.CreateVersion7():n}",
                    durable: false,
                    exclusive: true,
                    autoDelete: true
                )
            ).QueueName;
            await _channel.QueueBindAsync(queue, typeof(TEvent).FullName!, "");
            var seen = new EventsSeen<TEvent>();
            var consumer = new AsyncEventingBasicConsumer(_channel);
            consumer.ReceivedAsync += (_, delivery) =>
            {
                seen.Add(delivery.Body.Span);
                return Task.CompletedTask;
            };
            await _channel.BasicConsumeAsync(queue, autoAck: true, consumer);
            return seen;
        }
        finally
        {
            _one.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _channel.DisposeAsync();
        await _connection.DisposeAsync();
        _one.Dispose();
    }
}

/// <summary>What was published of one event, repeats by event id left out.</summary>
public sealed class EventsSeen<TEvent>
    where TEvent : class
{
    private readonly ConcurrentDictionary<Guid, TEvent> _byId = new();
    private readonly ConcurrentQueue<TEvent> _inOrder = new();
    private readonly long _since = MadeAt(Guid.CreateVersion7());

    public IReadOnlyList<TEvent> All => [.. _inOrder];

    /// <summary>Waits until this many were seen, and returns them.</summary>
    public Task<IReadOnlyList<TEvent>> AtLeast(int count, TimeSpan? within = null) =>
        Eventually.UntilAsync(
            () => Task.FromResult(All),
            all => all.Count >= count,
            within,
            $"{count} × {typeof(TEvent).Name}"
        );

    /// <summary>Waits for one that fits, and returns it.</summary>
    public async Task<TEvent> One(Func<TEvent, bool> fits, TimeSpan? within = null) =>
        (
            await Eventually.UntilAsync(
                () => Task.FromResult(_inOrder.FirstOrDefault(fits)),
                e => e is not null,
                within,
                $"a fitting {typeof(TEvent).Name}"
            )
        )!;

    internal void Add(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body);
        using var pack = JsonDocument.ParseValue(ref reader);
        foreach (var packed in pack.RootElement.GetProperty("events").EnumerateArray())
        {
            var id = packed.GetProperty("id").GetGuid();
            var e = packed.GetProperty("event").Deserialize<TEvent>(HubJson.Options)!;
            if (MadeAt(id) >= _since && _byId.TryAdd(id, e))
                _inOrder.Enqueue(e);
        }
    }

    // A UUID of version 7 begins with its milliseconds.
    private static long MadeAt(Guid id) => BinaryPrimitives.ReadInt64BigEndian(id.ToByteArray(bigEndian: true)) >> 16;
}
