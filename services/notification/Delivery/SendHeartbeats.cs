using Microsoft.EntityFrameworkCore;
using Safeguarding.Messaging.Storage;
using Safeguarding.Notification.Delivery.Channels;
using Safeguarding.Notification.Domain.Deliveries;
using Safeguarding.Notification.Storage;

namespace Safeguarding.Notification.Delivery;

/// <summary>
/// Signs of life to those who asked for them and have received nothing else: one at a time, so that an endpoint
/// that is unavailable comes back to one and not to a day's.
/// </summary>
internal sealed class SendHeartbeats(
    IServiceScopeFactory scopes,
    NewDeliveries deliveries,
    TimeProvider clock,
    ILogger<SendHeartbeats> logger
) : RecurringWork(TimeSpan.FromSeconds(1), clock, logger)
{
    protected override async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<NotificationDb>();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var now = Clock.GetUtcNow();
        var due = await db
            .Subscriptions.FromSql(
                $"""
                SELECT * FROM notification.subscription
                WHERE next_heartbeat_at <= {now} AND heartbeat_seconds IS NOT NULL AND enabled AND NOT awaits_handshake
                    AND (ends_at IS NULL OR ends_at > {now})
                ORDER BY id FOR UPDATE SKIP LOCKED
                """
            )
            .ToListAsync(cancellationToken);
        if (due is [])
            return;
        foreach (var subscription in due)
        {
            subscription.NextHeartbeatAt = now.AddSeconds(subscription.HeartbeatSeconds!.Value);
            if (
                await db.Deliveries.AnyAsync(
                    delivery => delivery.SubscriptionId == subscription.Id && delivery.State == DeliveryState.Waiting,
                    cancellationToken
                )
            )
            {
                continue;
            }

            await deliveries.DeliverNoticeAsync(db, subscription, new Notice.Heartbeat(), now, cancellationToken);
        }
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(CancellationToken.None);
    }
}
