using Microsoft.EntityFrameworkCore;
using Safeguarding.Hosting.Storage;
using Safeguarding.Notification.Deliveries;
using Safeguarding.Notification.Storage;

namespace Safeguarding.Notification.Channels.Fhir;

/// <summary>Signs of life to those who asked for them and have heard nothing else: one at a time, so that an endpoint that is away comes back to one and not to a day's.</summary>
internal sealed partial class SendHeartbeats(
    IServiceScopeFactory scopes, NewDeliveries deliveries, TimeProvider clock, ILogger<SendHeartbeats> logger) : BackgroundService
{
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var poll = new PeriodicTimer(Poll, clock);
        while (await poll.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await SendAsync(stoppingToken);
            }
            catch (Exception exception) when (StorageAway.Explains(exception))
            {
                PutOff(logger, StorageAway.Name(exception));
            }
        }
    }

    private async Task SendAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<NotificationDb>();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var now = clock.GetUtcNow();
        var due = await db.Subscriptions
            .FromSql($"""
                SELECT * FROM notification.subscription
                WHERE next_heartbeat_at <= {now} AND heartbeat_seconds IS NOT NULL AND enabled AND NOT awaits_handshake AND (ends_at IS NULL OR ends_at > {now})
                ORDER BY id FOR UPDATE SKIP LOCKED
                """)
            .ToListAsync(cancellationToken);
        if (due is []) return;
        foreach (var subscription in due)
        {
            subscription.NextHeartbeatAt = now.AddSeconds(subscription.HeartbeatSeconds!.Value);
            if (await db.Deliveries.AnyAsync(delivery => delivery.SubscriptionId == subscription.Id && delivery.State == DeliveryState.Waiting, cancellationToken)) continue;
            await deliveries.DeliverNoticeAsync(db, subscription, new News.Heartbeat(), now, cancellationToken);
        }
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(CancellationToken.None);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Cannot send heartbeats ({Failure}); trying again")]
    private static partial void PutOff(ILogger logger, string failure);
}
