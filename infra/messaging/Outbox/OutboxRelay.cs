using MassTransit;
using MassTransit.RabbitMqTransport;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Safeguarding.Messaging.Inbox;
using Safeguarding.Messaging.Storage;

namespace Safeguarding.Messaging.Outbox;

/// <summary>
/// Sends what is due in the outbox, woken by commits and by a poll. A crash between send and mark repeats packs; the
/// inbox absorbs them.
/// </summary>
internal sealed partial class OutboxRelay(
    OutboxStore store,
    OutboxSignal signal,
    IBus bus,
    ConsumerCatalogue catalogue,
    TimeProvider clock,
    ILogger<OutboxRelay> logger
) : BackgroundService, IReceiveEndpointObserver
{
    private const int BatchSize = 64;
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(1);
    private volatile bool _connectedAgain;

    /// <summary>
    /// The broker is there (again), and may have come back empty: which of the batches it confirmed it still has,
    /// nobody can say.
    /// </summary>
    public Task Ready(ReceiveEndpointReady ready)
    {
        _connectedAgain = true;
        signal.Set();
        return Task.CompletedTask;
    }

    public Task Stopping(ReceiveEndpointStopping stopping) => Task.CompletedTask;

    public Task Completed(ReceiveEndpointCompleted completed) => Task.CompletedTask;

    public Task Faulted(ReceiveEndpointFaulted faulted) => Task.CompletedTask;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var observed = bus.ConnectReceiveEndpointObserver(this);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (_connectedAgain)
                {
                    _connectedAgain = false;
                    await store.RestartWaitsForReceiptsAsync(stoppingToken);
                }

                while (await RelayAsync(stoppingToken) == BatchSize) { }

                await signal.WaitAsync(Poll, clock, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception) when (TransientFaults.IsDatabaseError(exception))
            {
                // Perhaps it was the waits that could not begin again.
                _connectedAgain = true;
                DatabaseUnavailable(logger, TransientFaults.Name(exception));
                await Task.Delay(Poll, clock, stoppingToken);
            }
        }
    }

    internal async Task<int> RelayAsync(CancellationToken cancellationToken)
    {
        var relayed = await RelayDue.RunAsync(store, TrySendAsync, BatchSize, cancellationToken);
        MessagingMetrics.Sent.Add(relayed.Sent);
        MessagingMetrics.SendFailed.Add(relayed.Failed);
        if (relayed.Failed == 0)
            return relayed.Sent;
        NotSent(logger, relayed.Failed, relayed.Failure!);
        // After a failure the wait is for the clock, not for more work.
        return 0;
    }

    /// <returns>Null when the broker confirmed it, otherwise the kind of failure.</returns>
    private async Task<string?> TrySendAsync(ClaimedBatch pack, CancellationToken cancellationToken)
    {
        try
        {
            var exchange = await bus.GetSendEndpoint(new Uri($"exchange:{pack.EventType}?type=fanout"));
            var message = new EventBatch(pack.Id, pack.EventType, catalogue.Service, new RawJson(pack.Body));
            await exchange.Send(
                message,
                context =>
                {
                    context.MessageId = pack.Id;
                    // RabbitMQ confirms a message that no queue wants; mandatory makes it an error, and the row stays.
                    if (context.TryGetPayload(out RabbitMqSendContext? rabbit))
                        rabbit.Mandatory = true;
                },
                cancellationToken
            );
            return null;
        }
        catch (Exception exception)
        {
            // Not lost: the row is due again, and its age turns readiness red.
            return exception.GetType().Name;
        }
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The broker did not accept {Count} outbox batches ({Failure}); they are kept and sent again"
    )]
    private static partial void NotSent(ILogger logger, int count, string failure);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The outbox cannot be read ({Failure}); trying again")]
    private static partial void DatabaseUnavailable(ILogger logger, string failure);
}
