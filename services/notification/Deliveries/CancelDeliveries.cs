using Safeguarding.Notification.Alerts;
using Safeguarding.Notification.Storage;

namespace Safeguarding.Notification.Deliveries;

/// <summary>Stops what is still waiting or parked of withdrawn alerts. An attempt under way is not called back; its end is still written down.</summary>
internal static class CancelDeliveries
{
    public static async Task<List<AlertEntry>> CancelWaitingAsync(
        this NotificationDb db, IReadOnlyList<Alert> withdrawn, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var command = db.Connection.CreateCommand();
        command.CommandText = """
            UPDATE notification.delivery AS delivery SET state = 'Cancelled', ended_at = @now
            FROM notification.subscription
            WHERE delivery.alert_id = ANY(@alerts) AND delivery.state IN ('Waiting', 'Parked') AND subscription.id = delivery.subscription_id
            RETURNING delivery.alert_id, delivery.alert_version, delivery.attempts, subscription.name
            """;
        command.Parameters.AddWithValue("now", now);
        command.Parameters.AddWithValue("alerts", withdrawn.Select(alert => alert.Id).ToArray());
        List<AlertEntry> entries = [];
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            entries.Add(new AlertEntry
            {
                Id = Guid.CreateVersion7(now),
                AlertId = reader.GetGuid(0),
                At = now,
                Deed = AlertDeed.DeliveryCancelled,
                Version = reader.GetInt64(1),
                ByKind = ActorKind.Hub,
                Subscription = reader.GetString(3),
                Note = reader.GetInt32(2) == 0 ? "Withdrawn before it was sent: never sent." : "Withdrawn: no longer tried.",
            });
        }
        return entries;
    }
}
