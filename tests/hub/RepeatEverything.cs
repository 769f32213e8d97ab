using System.Text.Json;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using Safeguarding.TestKit;

namespace Safeguarding.Hub.Tests;

/// <summary>
/// Stands at every event's exchange and publishes each message a second time to the queues behind
/// it.
/// </summary>
internal sealed class RepeatEverything : IAsyncDisposable
{
    private static readonly string[] Exchanges =
    [
        .. typeof(Contracts.NhsNumber)
            .Assembly.GetExportedTypes()
            .Where(type => type.IsDefined(typeof(Contracts.EventAttribute), false))
            .Select(type => type.FullName!),
    ];

    private readonly IConnection _connection;
    private readonly IChannel _channel;
    private readonly HashSet<string> _seen = [];
    private int _repeated;

    private RepeatEverything(IConnection connection, IChannel channel) =>
        (_connection, _channel) = (connection, channel);

    public int Repeated => Volatile.Read(ref _repeated);

    public static async Task<RepeatEverything> StartAsync(VirtualHost virtualHost)
    {
        var connection = await new ConnectionFactory { Uri = virtualHost.Uri }.CreateConnectionAsync();
        var twice = new RepeatEverything(connection, await connection.CreateChannelAsync());
        foreach (var exchange in Exchanges)
            await twice.RepeatAsync(exchange);
        return twice;
    }

    public async ValueTask DisposeAsync()
    {
        await _channel.DisposeAsync();
        await _connection.DisposeAsync();
    }

    private async Task RepeatAsync(string exchange)
    {
        await _channel.ExchangeDeclareAsync(exchange, ExchangeType.Fanout, durable: true);
        var queue = (
            await _channel.QueueDeclareAsync(
                $"test-repeat-{exchange}",
                durable: false,
                exclusive: true,
                autoDelete: true
            )
        ).QueueName;
        await _channel.QueueBindAsync(queue, exchange, "");
        var consumer = new AsyncEventingBasicConsumer(_channel);
        consumer.ReceivedAsync += async (_, delivery) =>
        {
            // Its own repeats come back to it too.
            if (!_seen.Add(delivery.BasicProperties.MessageId ?? ""))
                return;
            await _channel.BasicPublishAsync(
                exchange,
                "",
                mandatory: false,
                new BasicProperties(delivery.BasicProperties),
                delivery.Body.ToArray()
            );
            // How many events share a message depends on how busy the services are.
            using var batch = JsonDocument.Parse(delivery.Body);
            Interlocked.Add(ref _repeated, batch.RootElement.GetProperty("events").GetArrayLength());
        };
        await _channel.BasicConsumeAsync(queue, autoAck: true, consumer);
    }
}
