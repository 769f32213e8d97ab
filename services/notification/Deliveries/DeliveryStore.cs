using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;
using Safeguarding.Contracts;
using Safeguarding.Notification.Storage;
using Safeguarding.Notification.Subscriptions;

namespace Safeguarding.Notification.Deliveries;

/// <summary>The dispatcher's view of the delivery table: short statements, no transaction open while a council is being called.</summary>
internal sealed class DeliveryStore(NpgsqlDataSource source, IOptions<WebhookOptions> options, TimeProvider clock)
{
    /// <summary>
    /// Takes what is due, for each endpoint at most as much as its lane has room for, so that no endpoint's backlog is in another's way.
    /// Of one alert only the oldest version is taken: versions reach an endpoint in order.
    /// </summary>
    public async Task<List<DueDelivery>> ClaimAsync(IReadOnlyCollection<LaneRoom> busyLanes, int roomOfOthers, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand("""
            WITH lane AS (
                SELECT subscription.id, coalesce(busy.room, @room) AS room
                FROM notification.subscription LEFT JOIN unnest(@lanes, @rooms) AS busy (id, room) USING (id)
                WHERE enabled),
            due AS (
                SELECT delivery.id FROM lane CROSS JOIN LATERAL (
                    SELECT waiting.id FROM notification.delivery AS waiting
                    WHERE waiting.subscription_id = lane.id AND waiting.state = 'Waiting' AND waiting.next_attempt_at <= @now
                        AND (waiting.leased_until IS NULL OR waiting.leased_until <= @now)
                        AND NOT EXISTS (
                            SELECT FROM notification.delivery AS earlier
                            WHERE earlier.subscription_id = waiting.subscription_id AND earlier.alert_id = waiting.alert_id
                                AND earlier.alert_version < waiting.alert_version
                                AND (earlier.state = 'Waiting' OR earlier.leased_until > @now))
                    ORDER BY waiting.next_attempt_at LIMIT lane.room FOR UPDATE SKIP LOCKED) AS delivery
                WHERE lane.room > 0)
            UPDATE notification.delivery SET leased_until = @leased_until, attempts = attempts + 1
            FROM due, notification.subscription
            WHERE delivery.id = due.id AND subscription.id = delivery.subscription_id
            RETURNING delivery.id, delivery.subscription_id, delivery.council_code, delivery.alert_id, delivery.alert_version, delivery.body,
                delivery.body_key_id, delivery.attempts, delivery.measured_from, delivery.trace_parent, subscription.name, subscription.url,
                subscription.secret_key_id, subscription.secret_value,
                CASE WHEN former_secret_until > @now THEN former_secret_key_id END, former_secret_value
            """);
        var now = clock.GetUtcNow();
        command.Parameters.AddWithValue("now", now);
        command.Parameters.AddWithValue("leased_until", now + options.Value.Lease);
        command.Parameters.AddWithValue("room", roomOfOthers);
        command.Parameters.AddWithValue("lanes", busyLanes.Select(lane => lane.SubscriptionId).ToArray());
        command.Parameters.AddWithValue("rooms", busyLanes.Select(lane => lane.Room).ToArray());

        List<DueDelivery> due = [];
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken)) due.Add(Read(reader));
        return due;
    }

    /// <summary>Gives back what could not be tried after all.</summary>
    public async Task ReleaseAsync(Guid deliveryId, DateTimeOffset dueAgainAt, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand("""
            UPDATE notification.delivery SET leased_until = NULL, attempts = attempts - 1, next_attempt_at = @due WHERE id = @id
            """);
        command.Parameters.AddWithValue("id", deliveryId);
        command.Parameters.AddWithValue("due", dueAgainAt);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>An endpoint answers again: what waits for it goes out now, but for what it asked time for.</summary>
    public async Task BringForwardAsync(Guid subscriptionId, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand("""
            UPDATE notification.delivery SET next_attempt_at = @now
            WHERE id IN (
                SELECT id FROM notification.delivery
                WHERE subscription_id = @subscription AND state = 'Waiting' AND next_attempt_at > @now AND last_outcome IS DISTINCT FROM 'Throttled'
                FOR UPDATE SKIP LOCKED)
            """);
        command.Parameters.AddWithValue("now", clock.GetUtcNow());
        command.Parameters.AddWithValue("subscription", subscriptionId);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public async Task<List<Backlog>> BacklogAsync(CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand("""
            SELECT delivery.council_code, count(*), extract(epoch FROM @now - min(delivery.created_at))::float8
            FROM notification.delivery JOIN notification.subscription ON subscription.id = delivery.subscription_id
            WHERE delivery.state = 'Waiting' GROUP BY delivery.council_code
            """);
        command.Parameters.AddWithValue("now", clock.GetUtcNow());
        List<Backlog> rows = [];
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken)) rows.Add(new Backlog(reader.GetString(0), reader.GetInt64(1), reader.GetDouble(2)));
        return rows;
    }

    /// <summary>Writes down how attempts ended, with what follows for deliveries, alerts and their histories, in one round trip and one transaction.</summary>
    public async Task RecordAsync(IReadOnlyList<EndedAttempt> ended, CancellationToken cancellationToken)
    {
        await using var batch = source.CreateBatch();
        // Alerts are locked first and in the consumers' order, so that a withdrawal and a delivery of one alert take turns.
        var locks = Command(batch, """
            SELECT FROM notification.alert WHERE id = ANY(@alerts) ORDER BY encounter_id, council_code FOR UPDATE
            """);
        locks.Parameters.AddWithValue("alerts", ended.Select(attempt => attempt.Delivery.AlertId).ToArray());

        var attempts = Command(batch, """
            WITH new AS (
                SELECT * FROM unnest(@delivery_id, @subscription_id, @number, @endpoint, @at, @duration_ms, @outcome, @status, @next_attempt_at, @next_step, @entry_id, @subscription)
                    AS new (delivery_id, subscription_id, number, endpoint, at, duration_ms, outcome, status, next_attempt_at, next_step, entry_id, subscription)),
            attempt AS (
                INSERT INTO notification.delivery_attempt (delivery_id, subscription_id, number, endpoint, at, duration_ms, outcome, status, next_attempt_at)
                SELECT delivery_id, subscription_id, number, endpoint, at, duration_ms, outcome, status, next_attempt_at FROM new),
            changed AS (
                UPDATE notification.delivery SET
                    state = CASE WHEN next_step = 'Done' THEN 'Delivered' WHEN state = 'Cancelled' THEN state WHEN next_step = 'Park' THEN 'Parked' ELSE state END,
                    leased_until = NULL, last_outcome = new.outcome,
                    next_attempt_at = coalesce(new.next_attempt_at, delivery.next_attempt_at),
                    ended_at = CASE WHEN next_step = 'Retry' THEN ended_at ELSE @now END
                FROM new WHERE delivery.id = new.delivery_id
                RETURNING delivery.alert_id, delivery.alert_version, new.next_step, new.outcome, new.entry_id, new.subscription)
            INSERT INTO notification.alert_entry (id, alert_id, at, deed, version, by_kind, subscription, note)
            SELECT entry_id, alert_id, @now, CASE next_step WHEN 'Done' THEN 'Delivered' ELSE 'DeliveryParked' END, alert_version, 'Hub', subscription,
                CASE next_step WHEN 'Park' THEN outcome END
            FROM changed WHERE next_step <> 'Retry'
            """);
        var now = clock.GetUtcNow();
        attempts.Parameters.AddWithValue("now", now);
        attempts.Array("delivery_id", NpgsqlDbType.Uuid, ended, row => row.Delivery.Id);
        attempts.Array("subscription_id", NpgsqlDbType.Uuid, ended, row => row.Delivery.SubscriptionId);
        attempts.Array("number", NpgsqlDbType.Integer, ended, row => row.Delivery.Attempt);
        attempts.Array("endpoint", NpgsqlDbType.Text, ended, row => EndpointUrl.Shown(row.Delivery.Url));
        attempts.Array("at", NpgsqlDbType.TimestampTz, ended, row => row.Attempt.At);
        attempts.Array("duration_ms", NpgsqlDbType.Integer, ended, row => (int)row.Attempt.Duration.TotalMilliseconds);
        attempts.Array("outcome", NpgsqlDbType.Text, ended, row => row.Attempt.Outcome.ToString());
        attempts.Array("status", NpgsqlDbType.Integer, ended, row => row.Attempt.Status);
        attempts.Array("next_attempt_at", NpgsqlDbType.TimestampTz, ended, row => row.NextAttemptAt);
        attempts.Array("next_step", NpgsqlDbType.Text, ended, row => row.Attempt.Outcome.NextStep().ToString());
        attempts.Array("entry_id", NpgsqlDbType.Uuid, ended, _ => Guid.CreateVersion7(now));
        attempts.Array("subscription", NpgsqlDbType.Text, ended, row => row.Delivery.SubscriptionName);

        // A machine's 2xx never closes an open alert. It only spares the feed news of one that is closed.
        var delivered = ended.Where(row => row.Attempt.Outcome is AttemptOutcome.Delivered).ToList();
        var alerts = Command(batch, """
            UPDATE notification.alert SET
                state = CASE state WHEN 'Raised' THEN 'Delivered' ELSE state END,
                in_feed = in_feed AND (state IN ('Raised', 'Delivered') OR alert.version > told.version)
            FROM (SELECT id, max(version) AS version FROM unnest(@id, @version) AS told (id, version) GROUP BY id) AS told
            WHERE alert.id = told.id AND (state = 'Raised' OR (in_feed AND state <> 'Delivered'))
            """);
        alerts.Array("id", NpgsqlDbType.Uuid, delivered, row => row.Delivery.AlertId);
        alerts.Array("version", NpgsqlDbType.Bigint, delivered, row => row.Delivery.AlertVersion);
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    private static NpgsqlBatchCommand Command(NpgsqlBatch batch, string sql)
    {
        var command = new NpgsqlBatchCommand(sql);
        batch.BatchCommands.Add(command);
        return command;
    }

    private static DueDelivery Read(NpgsqlDataReader row) => new()
    {
        Id = row.GetGuid(0),
        SubscriptionId = row.GetGuid(1),
        CouncilCode = row.GetString(2),
        AlertId = row.GetGuid(3),
        AlertVersion = row.GetInt64(4),
        Body = row.GetFieldValue<byte[]>(5),
        BodyKeyId = row.IsDBNull(6) ? null : row.GetString(6),
        Attempt = row.GetInt32(7),
        MeasuredFrom = row.IsDBNull(8) ? null : row.GetFieldValue<DateTimeOffset>(8),
        TraceParent = row.IsDBNull(9) ? null : row.GetString(9),
        SubscriptionName = row.GetString(10),
        Url = row.GetString(11),
        Secret = new Sealed<SigningSecret>(row.GetString(12), row.GetFieldValue<byte[]>(13)),
        FormerSecret = row.IsDBNull(14) ? null : new Sealed<SigningSecret>(row.GetString(14), row.GetFieldValue<byte[]>(15)),
    };
}

/// <summary>How many more deliveries an endpoint's lane takes now.</summary>
internal sealed record LaneRoom(Guid SubscriptionId, int Room);
