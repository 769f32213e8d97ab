using Microsoft.EntityFrameworkCore;
using Safeguarding.Notification.Storage;

namespace Safeguarding.Notification.Delivery;

/// <summary>
/// Somebody has fixed an endpoint: nothing that its former address asked for holds it back any longer, at any replica,
/// and what waits for it is due now, but for what a replay has yet to send at its pace. Called before a transaction
/// changes the subscription: the attempts' recorder locks deliveries first, too.
/// </summary>
internal static class ResetEndpoint
{
    public static async Task ResetEndpointAsync(
        this NotificationDb db,
        Guid subscriptionId,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        await db.Database.ExecuteSqlAsync(
            $"""
            UPDATE notification.delivery SET next_attempt_at = {now}
            WHERE id IN (
                SELECT id FROM notification.delivery
                WHERE subscription_id = {subscriptionId} AND state = 'Waiting' AND next_attempt_at > {now}
                    AND NOT EXISTS (SELECT FROM notification.replayed_delivery WHERE delivery_id = delivery.id
                        AND due_at > {now})
                ORDER BY id FOR UPDATE)
            """,
            cancellationToken
        );
        await db
            .Subscriptions.Where(subscription => subscription.Id == subscriptionId)
            .ExecuteUpdateAsync(
                subscription => subscription.SetProperty(row => row.EndpointEpoch, row => row.EndpointEpoch + 1),
                cancellationToken
            );
        db.OnCommitted(new CommitSignal.DeliveriesDue());
    }
}
