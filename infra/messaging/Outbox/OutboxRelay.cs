using MassTransit;
using MassTransit.RabbitMqTransport;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Safeguarding.Messaging.Faults;
using Safeguarding.Messaging.Inbox;
using Safeguarding.Messaging.Storage;

namespace Safeguarding.Messaging.Outbox;

/// <summary>
/// Sends what is due in the outbox, woken by commits and by a poll. A crash between send and mark repeats batches; the
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
                    await store.RestartWaitsForAcknowledgementsAsync(stoppingToken);
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
    private async Task<string?> TrySendAsync(ClaimedBatch batch, CancellationToken cancellationToken)
    {
        try
        {
            var exchange = await bus.GetSendEndpoint(new Uri($"exchange:{batch.EventType}?type=fanout"));
            var message = new EventBatch(batch.Id, batch.EventType, catalogue.Service, new RawJson(batch.Body));
            await exchange.Send(
                message,
                context =>
                {
                    context.MessageId = batch.Id;
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
            // Not lost: the row is due again, and its age turns /health/outbox red.
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

/// <summary>The outbox as the relay sees it.</summary>
internal interface IOutbox
{
    /// <summary>Leases what is due, so that no other relay sends it meanwhile.</summary>
    Task<List<ClaimedBatch>> ClaimAsync(int atMost, CancellationToken cancellationToken);

    /// <summary>
    /// Notes that the broker has the batches; each is due again, after longer and longer waits, unless its
    /// acknowledgements come.
    /// </summary>
    Task MarkSentAsync(IReadOnlyCollection<ClaimedBatch> batches, CancellationToken cancellationToken);

    /// <summary>Returns batches that could not be sent.</summary>
    Task MarkFailedAsync(IReadOnlyCollection<ClaimedBatch> batches, CancellationToken cancellationToken);
}

/// <summary>When a row is sent again.</summary>
internal static class OutboxSchedule
{
    /// <summary>Longer than the send time-out, so that two relays never hold one row.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    /// <summary>
    /// No row waits as long as this, even by the clock of another process that runs ahead by
    /// minutes.
    /// </summary>
    public static readonly TimeSpan Never = TimeSpan.FromHours(1);

    private static readonly TimeSpan LongestWaitForAcknowledgements = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan LongestWaitForBroker = TimeSpan.FromSeconds(15);

    /// <summary>
    /// The broker has it: 40 seconds, doubling, to 30 minutes for the listeners to say so. What a broker lost
    /// is on its way again within a minute of its return, because the waits begin again then.
    /// </summary>
    public static TimeSpan AfterSent(int attempts) =>
        Doubled(TimeSpan.FromSeconds(40), attempts, LongestWaitForAcknowledgements);

    /// <summary>
    /// The broker did not take it: 1, 2, 4 … 15 seconds, so that a broker that comes back is used at
    /// once.
    /// </summary>
    public static TimeSpan AfterFailure(int attempts) =>
        Doubled(TimeSpan.FromSeconds(1), attempts, LongestWaitForBroker);

    private static TimeSpan Doubled(TimeSpan first, int attempts, TimeSpan longest) =>
        attempts > 10 ? longest : TimeSpan.FromTicks(Math.Min(first.Ticks << (attempts - 1), longest.Ticks));
}

/// <summary>
/// Claim, send with the confirms awaited together, mark. Whatever is cut off in between is due
/// again.
/// </summary>
internal static class RelayDue
{
    private static readonly TimeSpan SendTimeout = TimeSpan.FromSeconds(8);

    /// <param name="outbox">The rows.</param>
    /// <param name="send">Sends one batch; null when the broker confirmed it, otherwise the kind of failure. Never
    /// throws.</param>
    /// <param name="atMost">How many at once.</param>
    /// <param name="cancellationToken">Ends the sending; what is out is sent again.</param>
    public static async Task<Relayed> RunAsync(
        IOutbox outbox,
        Func<ClaimedBatch, CancellationToken, Task<string?>> send,
        int atMost,
        CancellationToken cancellationToken
    )
    {
        var claimed = await outbox.ClaimAsync(atMost, cancellationToken);
        if (claimed.Count == 0)
            return new Relayed(0, 0, null);
        CrashPoint.Reached(CrashPoint.AfterClaim);

        // The network's time: a clock that jumps ends no sending.
        using var late = new CancellationTokenSource(SendTimeout);
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, late.Token);
        var outcomes = await Task.WhenAll(claimed.Select(batch => send(batch, timeout.Token)));
        var sent = claimed.Where((_, i) => outcomes[i] is null).ToArray();
        var failed = claimed.Where((_, i) => outcomes[i] is not null).ToArray();
        CrashPoint.Reached(CrashPoint.AfterSend);
        if (sent.Length > 0)
            await outbox.MarkSentAsync(sent, cancellationToken);
        CrashPoint.Reached(CrashPoint.AfterMark);
        if (failed.Length > 0)
            await outbox.MarkFailedAsync(failed, cancellationToken);
        return new Relayed(sent.Length, failed.Length, outcomes.FirstOrDefault(outcome => outcome is not null));
    }
}

/// <param name="Sent">Batches that the broker confirmed.</param>
/// <param name="Failed">Batches that it did not take.</param>
/// <param name="Failure">Why, or null.</param>
internal sealed record Relayed(int Sent, int Failed, string? Failure);
