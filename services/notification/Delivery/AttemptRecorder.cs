using System.Threading.Channels;
using Safeguarding.Messaging.Faults;
using Safeguarding.Messaging.Storage;
using Safeguarding.Notification.Delivery.Endpoints;
using Safeguarding.Notification.Domain.Deliveries;

namespace Safeguarding.Notification.Delivery;

/// <summary>
/// Writes attempts down as they end, as many at once as there are. Never gives up: until an attempt is written its
/// delivery stays leased, and after that it is sent again under the same id.
/// </summary>
internal sealed partial class AttemptRecorder(
    DeliveryStore store,
    DispatchLanes lanes,
    DeliverySignal signal,
    TimeProvider clock,
    ILogger<AttemptRecorder> logger
) : BackgroundService
{
    private const int LargestBatch = 200;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly Channel<EndedAttempt> _ended = Channel.CreateUnbounded<EndedAttempt>(
        new UnboundedChannelOptions { SingleReader = true }
    );

    public void Add(EndedAttempt attempt) => _ended.Writer.TryWrite(attempt);

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        _ended.Writer.TryComplete();
        if (ExecuteTask is { } running)
            await running.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await base.StopAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var batch = new List<EndedAttempt>(LargestBatch);
        while (await _ended.Reader.WaitToReadAsync(stoppingToken))
        {
            batch.Clear();
            while (batch.Count < LargestBatch && _ended.Reader.TryRead(out var attempt))
                batch.Add(attempt);
            await RecordAsync(batch, stoppingToken);
            // Only where a lane left something behind is there reason to look again before the next poll.
            if (
                batch.Exists(attempt =>
                    attempt.Attempt.Outcome is AttemptOutcome.Delivered
                    && lanes.Get(attempt.Delivery.To.SubscriptionId).WasFull
                )
            )
            {
                signal.Set();
            }
        }
    }

    private async Task RecordAsync(List<EndedAttempt> batch, CancellationToken stoppingToken)
    {
        while (true)
        {
            try
            {
                if (await store.RecordAsync(batch, stoppingToken))
                    signal.Set();
                CrashPoint.Reached(CrashPoint.AfterDeliveryRecord);
                return;
            }
            catch (Exception exception)
                when (TransientFaults.IsDatabaseError(exception) && !stoppingToken.IsCancellationRequested)
            {
                RecordingFailed(logger, batch.Count, TransientFaults.Name(exception));
                await Task.Delay(Pause, clock, stoppingToken);
            }
        }
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Cannot save {Count} delivery attempts ({Failure}); trying again"
    )]
    private static partial void RecordingFailed(ILogger logger, int count, string failure);
}
