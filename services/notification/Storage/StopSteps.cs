using Safeguarding.Notification.Domain.Alerts;

namespace Safeguarding.Notification.Storage;

/// <summary>Somebody acknowledged the alert, or it was withdrawn: nobody else is notified that it is not
/// acknowledged.</summary>
internal static class StopSteps
{
    /// <summary>Cancels the steps ahead, and the deliveries that earlier steps made and that still wait.</summary>
    public static async Task<List<AlertEntry>> StopEscalationAsync(
        this NotificationDb db,
        IReadOnlyList<Alert> alerts,
        string why,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        await using var command = db.Connection.CreateCommand();
        command.CommandText = """
            WITH ahead AS (
                UPDATE notification.escalation_step SET state = 'Cancelled', ended_at = @now
                WHERE alert_id = ANY(@alerts) AND state = 'Waiting'
                RETURNING alert_id, number),
            sent AS (SELECT alert_id, unnest(sent_to) AS subscription_id FROM notification.escalation_step
                WHERE alert_id = ANY(@alerts) AND state = 'Sent'),
            stopped AS (
                UPDATE notification.delivery SET state = 'Cancelled', ended_at = @now
                FROM sent JOIN notification.subscription ON subscription.id = sent.subscription_id
                WHERE delivery.alert_id = sent.alert_id AND delivery.subscription_id = sent.subscription_id
                    AND delivery.state = 'Waiting'
                RETURNING delivery.alert_id, delivery.alert_version, subscription.name)
            SELECT alert_id, NULL::bigint, NULL, count(*) FROM ahead WHERE number > 0 GROUP BY alert_id
            UNION ALL SELECT alert_id, alert_version, name, 1 FROM stopped
            """;
        command.Parameters.AddWithValue("now", now);
        command.Parameters.AddWithValue("alerts", alerts.Select(alert => alert.Id).ToArray());
        var versions = alerts.ToDictionary(alert => alert.Id, alert => alert.Version);
        List<AlertEntry> entries = [];
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var (id, isStep, count) = (reader.GetGuid(0), reader.IsDBNull(1), reader.GetInt64(3));
            entries.Add(
                new AlertEntry
                {
                    Id = Guid.CreateVersion7(now),
                    AlertId = id,
                    At = now,
                    EventType = isStep ? AlertEventType.EscalationStopped : AlertEventType.DeliveryCancelled,
                    Version = isStep ? versions[id] : reader.GetInt64(1),
                    ByKind = ActorKind.Hub,
                    Subscription = isStep ? null : reader.GetString(2),
                    Note = isStep
                        ? $"{why}: {(count == 1 ? "1 step" : $"{count} steps")} will not be taken."
                        : $"{why}: the escalation to it is no longer tried.",
                }
            );
        }
        return entries;
    }
}
