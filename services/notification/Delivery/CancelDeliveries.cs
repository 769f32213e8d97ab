using NpgsqlTypes;
using Safeguarding.Notification.Domain.Alerts;
using Safeguarding.Notification.Domain.Subscriptions;
using Safeguarding.Notification.Storage;

namespace Safeguarding.Notification.Delivery;

/// <summary>
/// Stops what is still waiting or parked of withdrawn alerts, or for a subscription that is deleted. An
/// attempt under way is not called back; its end is still written down.
/// </summary>
internal static class CancelDeliveries
{
    public static Task<List<AlertEntry>> CancelWaitingAsync(
        this NotificationDb db,
        IReadOnlyList<Alert> withdrawn,
        DateTimeOffset now,
        CancellationToken cancellationToken
    ) =>
        CancelAsync(
            db,
            "delivery.alert_id = ANY(@of)",
            withdrawn.Select(alert => alert.Id).ToArray(),
            attempts => attempts == 0 ? "Withdrawn before it was sent: never sent." : "Withdrawn: no longer tried.",
            null,
            now,
            cancellationToken
        );

    public static Task<List<AlertEntry>> CancelOfSubscriptionAsync(
        this NotificationDb db,
        Subscription deleted,
        DateTimeOffset now,
        CancellationToken cancellationToken
    ) =>
        CancelAsync(
            db,
            "delivery.subscription_id = ANY(@of)",
            [deleted.Id],
            _ => "The subscription was deleted: no longer sent there.",
            deleted.Name,
            now,
            cancellationToken
        );

    private static async Task<List<AlertEntry>> CancelAsync(
        NotificationDb db,
        string which,
        Guid[] of,
        Func<int, string> note,
        string? name,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        await using var command = db.Connection.CreateCommand();
        command.CommandText = $"""
            WITH ended AS (
                UPDATE notification.delivery SET state = 'Cancelled', ended_at = @now WHERE {which}
                    AND state IN ('Waiting', 'Parked')
                RETURNING alert_id, alert_version, attempts, subscription_id)
            SELECT alert_id, alert_version, attempts, coalesce(name, @name) FROM ended LEFT
                JOIN notification.subscription ON subscription.id = subscription_id
            WHERE alert_id IS NOT NULL
            """;
        command.Parameters.AddWithValue("now", now);
        command.Parameters.AddWithValue("of", of);
        command.Parameters.AddWithValue("name", NpgsqlDbType.Text, (object?)name ?? DBNull.Value);
        List<AlertEntry> entries = [];
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            entries.Add(
                new AlertEntry
                {
                    Id = Guid.CreateVersion7(now),
                    AlertId = reader.GetGuid(0),
                    At = now,
                    EventType = AlertEventType.DeliveryCancelled,
                    Version = reader.GetInt64(1),
                    ByKind = ActorKind.Hub,
                    Subscription = reader.IsDBNull(3) ? null : reader.GetString(3),
                    Note = note(reader.GetInt32(2)),
                }
            );
        }
        return entries;
    }
}
