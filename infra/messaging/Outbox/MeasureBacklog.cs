using Microsoft.Extensions.Hosting;
using Safeguarding.Messaging.Storage;

namespace Safeguarding.Messaging.Outbox;

/// <summary>
/// Looks every 15 seconds at what waits in the outbox and among the parked messages, for the gauges that
/// alarms are made of.
/// </summary>
internal sealed class MeasureBacklog(OutboxStore store, TimeProvider clock) : BackgroundService
{
    internal static readonly TimeSpan Pace = TimeSpan.FromSeconds(15);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pace, clock);
        do
        {
            try
            {
                await store.ResetSkewedSchedulesAsync(stoppingToken);
                MessagingMetrics.Backlog = await store.StateAsync(stoppingToken);
            }
            catch (Exception exception) when (TransientFaults.IsDatabaseError(exception))
            {
                // Readiness says that the database is unavailable; here a missing figure says it.
                MessagingMetrics.Backlog = null;
            }
        } while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}
