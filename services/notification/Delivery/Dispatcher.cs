using Safeguarding.Messaging.Faults;
using Safeguarding.Messaging.Storage;

namespace Safeguarding.Notification.Delivery;

/// <summary>
/// Claims what is due and starts it in its endpoint's lane, without ever waiting for a council: right after a commit,
/// and by polling for what time or another process has made due.
/// </summary>
internal sealed partial class Dispatcher(
    DeliveryStore store,
    DispatchLanes lanes,
    AlertCourier courier,
    DeliverySignal signal,
    TimeProvider clock,
    ILogger<Dispatcher> logger
) : BackgroundService
{
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan BacklogEvery = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan LongestFarewell = TimeSpan.FromSeconds(5);

    private DateTimeOffset _backlogDue;

    /// <summary>
    /// What is under way may end and be written down; what does not is tried again when its lease
    /// ends.
    /// </summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await courier
            .FinishAsync()
            .WaitAsync(LongestFarewell, CancellationToken.None)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await DispatchAsync(stoppingToken);
                await MeasureAsync(stoppingToken);
            }
            catch (Exception exception) when (TransientFaults.IsDatabaseError(exception))
            {
                ClaimFailed(logger, TransientFaults.Name(exception));
            }
            await signal.WaitAsync(Poll, clock, stoppingToken);
        }
    }

    private async Task DispatchAsync(CancellationToken stoppingToken)
    {
        var busy = lanes.Busy(clock.GetUtcNow());
        var due = await store.ClaimAsync(busy, EndpointLane.Width, stoppingToken);
        if (due.Count > 0)
            CrashPoint.Reached(CrashPoint.AfterDeliveryClaim);
        var rooms = busy.ToDictionary(lane => lane.SubscriptionId);
        foreach (var taken in due.GroupBy(delivery => delivery.To.SubscriptionId))
        {
            var lane = lanes.Get(taken.Key);
            lane.WasFull =
                taken.Count()
                >= (
                    rooms.TryGetValue(taken.Key, out var busyLane)
                        ? RoomOf(busyLane, taken.First().EndpointEpoch)
                        : EndpointLane.Width
                );
            foreach (var delivery in taken)
                courier.Start(lane, delivery);
        }
    }

    private static int RoomOf(LaneRoom lane, long epoch) => lane.Epoch == epoch ? lane.Room : lane.RoomIfReset;

    private async Task MeasureAsync(CancellationToken stoppingToken)
    {
        var now = clock.GetUtcNow();
        // Further away than it ever is: the clock was set back.
        if (now < _backlogDue && _backlogDue - now <= BacklogEvery)
            return;
        _backlogDue = now + BacklogEvery;
        await store.ResetSkewedSchedulesAsync(stoppingToken);
        DeliveryMetrics.Waiting(await store.BacklogAsync(stoppingToken));
        DeliveryMetrics.Failing(await store.FailingAsync(stoppingToken));
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Cannot claim deliveries ({Failure}); trying again")]
    private static partial void ClaimFailed(ILogger logger, string failure);
}
