using Microsoft.EntityFrameworkCore;
using NpgsqlTypes;
using Safeguarding.Notification.Domain.Alerts;
using Safeguarding.Notification.Domain.Deliveries;
using Safeguarding.Notification.Storage;

namespace Safeguarding.Notification.Delivery.Replays;

/// <summary>The statements of a replay.</summary>
internal static class ReplayRows
{
    public static TimeSpan Gap(Replay replay) => TimeSpan.FromMinutes(1) / replay.PerMinute;

    /// <summary>
    /// Of each alert and endpoint only the newest version that ended: what has been sent in a newer version, or is
    /// about to be, is not sent again in an older one. The rows stay locked to the end of a transaction, so that a
    /// withdrawal comes before or after, never in between.
    /// </summary>
    public static async Task<List<ChosenDelivery>> ChooseAsync(
        this NotificationDb db,
        ReplaySelection selection,
        CancellationToken cancellationToken
    )
    {
        await db.Database.OpenConnectionAsync(cancellationToken);
        await using var command = db.Connection.CreateCommand();
        command.CommandText = """
            SELECT delivery.id, delivery.alert_id, delivery.alert_version, delivery.council_code, delivery.state,
                subscription.name
            FROM notification.delivery JOIN notification.subscription ON subscription.id = delivery.subscription_id
            WHERE delivery.alert_id IS NOT NULL AND delivery.created_at >= @from AND delivery.created_at < @until
                AND delivery.state = ANY(@states)
                AND (@council IS NULL OR delivery.council_code = @council)
                AND (@subscription IS NULL OR delivery.subscription_id = @subscription)
                AND NOT EXISTS (
                    SELECT FROM notification.delivery AS later
                    WHERE later.subscription_id = delivery.subscription_id AND later.alert_id = delivery.alert_id
                        AND later.alert_version > delivery.alert_version AND later.state <> 'Cancelled')
            ORDER BY delivery.created_at, delivery.id LIMIT @max FOR UPDATE OF delivery
            """;
        command.Parameters.AddWithValue("from", selection.From);
        command.Parameters.AddWithValue("until", selection.Until);
        command.Parameters.AddWithValue("states", selection.States);
        command.Parameters.Add(
            new("council", NpgsqlDbType.Text) { Value = (object?)selection.CouncilCode ?? DBNull.Value }
        );
        command.Parameters.Add(
            new("subscription", NpgsqlDbType.Uuid) { Value = (object?)selection.SubscriptionId ?? DBNull.Value }
        );
        command.Parameters.AddWithValue("max", selection.AtMost);

        List<ChosenDelivery> chosen = [];
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            chosen.Add(
                new ChosenDelivery(
                    reader.GetGuid(0),
                    reader.GetGuid(1),
                    reader.GetInt64(2),
                    reader.GetString(3),
                    Enum.Parse<DeliveryState>(reader.GetString(4)),
                    reader.GetString(5)
                )
            );
        }
        return chosen;
    }

    public static async Task SendAgainAsync(
        this NotificationDb db,
        Replay replay,
        List<ChosenDelivery> chosen,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        await using var command = db.Connection.CreateCommand();
        command.CommandText = """
            WITH again AS (SELECT * FROM unnest(@id, @former_state, @due_at) AS again (id, former_state, due_at)),
            kept AS (INSERT INTO notification.replayed_delivery (replay_id, delivery_id, former_state, due_at)
                SELECT @replay, id, former_state, due_at FROM again)
            UPDATE notification.delivery SET state = 'Waiting', next_attempt_at = again.due_at, ended_at = NULL
            FROM again WHERE delivery.id = again.id
            """;
        command.Parameters.AddWithValue("replay", replay.Id);
        command.Array("id", NpgsqlDbType.Uuid, chosen, row => row.Id);
        command.Array("former_state", NpgsqlDbType.Text, chosen, row => row.State.ToString());
        command.Array("due_at", NpgsqlDbType.TimestampTz, [.. Enumerable.Range(0, chosen.Count)], place =>
            now + Gap(replay) * place
        );
        await command.ExecuteNonQueryAsync(cancellationToken);
        await db.InsertAsync(
            chosen.ConvertAll(row => new AlertEntry
            {
                Id = Guid.CreateVersion7(now),
                AlertId = row.AlertId,
                At = now,
                EventType = AlertEventType.DeliveryReplayed,
                Version = row.AlertVersion,
                ByKind = ActorKind.System,
                By = replay.ClientId,
                Subscription = row.Subscription,
                Note = replay.Reason,
            }),
            cancellationToken
        );
        if (chosen.Count > 0)
            db.OnCommitted(new CommitSignal.DeliveriesDue());
    }
}

/// <summary>Which ended deliveries a replay sends again.</summary>
/// <param name="From">Made at or after.</param>
/// <param name="Until">Made before.</param>
/// <param name="CouncilCode">Only of this council.</param>
/// <param name="SubscriptionId">Only to this endpoint.</param>
/// <param name="States">Names of <see cref="DeliveryState"/>.</param>
/// <param name="AtMost">How many at most, the oldest first.</param>
internal sealed record ReplaySelection(
    DateTimeOffset From,
    DateTimeOffset Until,
    string? CouncilCode,
    Guid? SubscriptionId,
    string[] States,
    int AtMost
);

/// <summary>An ended delivery that fits a replay.</summary>
internal sealed record ChosenDelivery(
    Guid Id,
    Guid AlertId,
    long AlertVersion,
    string CouncilCode,
    DeliveryState State,
    string Subscription
);
