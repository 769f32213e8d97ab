using System.Threading.Channels;
using MassTransit;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Safeguarding.Messaging.Faults;
using Safeguarding.Messaging.Inbox;
using Safeguarding.Messaging.Storage;

namespace Safeguarding.Messaging.Outbox;

/// <summary>
/// Acknowledges to senders, many at a time, the batches that this service has stored. A lost acknowledgement costs a
/// repeat, which the inbox absorbs, so acknowledgements need no storage of their own.
/// </summary>
internal sealed partial class AcknowledgementSender(
    IBus bus,
    ConsumerCatalogue catalogue,
    TimeProvider clock,
    ILogger<AcknowledgementSender> logger
) : BackgroundService
{
    private const int MaxPerAcknowledgement = 500;

    // Each costs a message and two commits, which is most of what a quiet hub does; a repeat comes after 40 s.
    private static readonly TimeSpan Gather = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan SendTimeout = TimeSpan.FromSeconds(8);

    private readonly Channel<(string Sender, Guid BatchId)> _taken = Channel.CreateBounded<(string, Guid)>(
        new BoundedChannelOptions(50_000) { FullMode = BoundedChannelFullMode.DropOldest }
    );

    public static string QueueOf(string service) => $"{service}-receipts";

    public void Add(string sender, Guid packId) => _taken.Writer.TryWrite((sender, packId));

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (await _taken.Reader.WaitToReadAsync(stoppingToken))
            {
                await Task.Delay(Gather, clock, stoppingToken);
                List<(string, Guid)> taken;
                do await SendAsync(taken = Take(), stoppingToken);
                while (taken.Count == MaxPerAcknowledgement);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // What is not receipted is sent again, and known.
        }
    }

    private List<(string Sender, Guid BatchId)> Take()
    {
        var taken = new List<(string, Guid)>();
        while (taken.Count < MaxPerAcknowledgement && _taken.Reader.TryRead(out var item))
            taken.Add(item);
        return taken;
    }

    private async Task SendAsync(List<(string Sender, Guid BatchId)> taken, CancellationToken stoppingToken)
    {
        CrashPoint.Reached(CrashPoint.BeforeAcknowledgement);
        foreach (var sameSender in taken.GroupBy(item => item.Sender, item => item.BatchId))
        {
            using var timeout = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
            timeout.CancelAfter(SendTimeout);
            try
            {
                var exchange = await bus.GetSendEndpoint(new Uri($"exchange:{QueueOf(sameSender.Key)}?type=fanout"));
                await exchange.Send(
                    new BatchAcknowledgement(catalogue.Service, [.. sameSender.Distinct()]),
                    timeout.Token
                );
                CrashPoint.Reached(CrashPoint.AfterAcknowledgement);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                NotSent(logger, sameSender.Key, exception.GetType().Name);
            }
        }
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The broker did not accept acknowledgements for {Sender} ({Failure}); it will send its batches again"
    )]
    private static partial void NotSent(ILogger logger, string sender, string failure);
}

/// <summary>
/// Deletes from the outbox what a listener has acknowledged. Waits while the database is unavailable, so that
/// no acknowledgement is parked.
/// </summary>
internal sealed partial class AcknowledgementReceiver(
    OutboxStore store,
    TimeProvider clock,
    ILogger<AcknowledgementReceiver> logger
)
{
    public Task RunAsync(BatchAcknowledgement acknowledgement, CancellationToken cancellationToken) =>
        RetryWhileUnavailable.RunAsync(
            () => store.AcknowledgedAsync(acknowledgement.Listener, acknowledgement.BatchIds, cancellationToken),
            exception => Pausing(logger, acknowledgement.Listener, TransientFaults.Name(exception)),
            clock,
            cancellationToken
        );

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "An acknowledgement of {Listener} waits: the database is unavailable ({Failure})"
    )]
    private static partial void Pausing(ILogger logger, string listener, string failure);
}
