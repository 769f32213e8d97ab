using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;
using Safeguarding.Contracts;
using Safeguarding.Hosting.Audit;
using Safeguarding.Hosting.Privacy;
using Safeguarding.Messaging;
using Safeguarding.Notification.Delivery.Channels;
using Safeguarding.Notification.Delivery.Endpoints;
using Safeguarding.Notification.Domain.Deliveries;
using Safeguarding.Notification.Domain.Subscriptions;
using Safeguarding.Notification.Storage;

namespace Safeguarding.Notification.Delivery;

/// <summary>
/// The dispatcher's view of the delivery table: short statements, no transaction open while a council is being
/// called.
/// </summary>
internal sealed class DeliveryStore(
    NpgsqlDataSource source,
    ChannelCatalogue channels,
    Sealer sealer,
    IOptions<WebhookOptions> options,
    TimeProvider clock
)
{
    // An endpoint that fails one delivery and takes the others answers again with each of them: it is not to be asked
    // for that one each time.
    private static readonly TimeSpan WaitingSentAtMostEvery = TimeSpan.FromSeconds(30);

    private static readonly AuditedActs.Entry Disclosed = AuditedActs.Get("alert.deliver")!;

    private static readonly string AuditDisclosed = $"""
        INSERT INTO notification.audit_record (id, at, organisation, client_id, concerning, purpose, lawful_basis, act,
            subject_type, subject, outcome)
        SELECT id, @now, 'hub', 'hub', ARRAY[council], '{Disclosed.Purpose}', '{Disclosed.LawfulBasis}',
            'alert.deliver', '{Disclosed.SubjectType}', alert, '{AuditOutcome.Success}'
        FROM unnest(@id, @council, @alert) AS told (id, council, alert)
        """;

    /// <summary>
    /// Takes what is due, for each endpoint at most as much as its lane has room for, so that no endpoint's backlog is
    /// in another's way. Of one alert only the oldest version is taken: versions reach an endpoint in order.
    /// </summary>
    public async Task<List<DueDelivery>> ClaimAsync(
        IReadOnlyCollection<LaneRoom> busyLanes,
        int roomOfOthers,
        CancellationToken cancellationToken
    )
    {
        await using var command = source.CreateCommand(
            """
            WITH lane AS (
                SELECT subscription.id, awaits_handshake, CASE WHEN busy.id IS NULL THEN @room
                    WHEN busy.epoch = endpoint_epoch THEN busy.room ELSE room_if_mended END AS room
                FROM notification.subscription LEFT JOIN unnest(@lanes, @epochs, @rooms, @rooms_if_reset) AS busy (id,
                    epoch, room, room_if_mended) USING (id)
                WHERE enabled),
            due AS (
                SELECT delivery.id FROM lane CROSS JOIN LATERAL (
                    SELECT waiting.id FROM notification.delivery AS waiting
                    WHERE waiting.subscription_id = lane.id AND waiting.state = 'Waiting'
                        AND waiting.next_attempt_at <= @now
                        AND (waiting.leased_until IS NULL OR waiting.leased_until <= @now)
                        AND (NOT lane.awaits_handshake OR waiting.event_type = 'handshake')
                        AND NOT EXISTS (
                            SELECT FROM notification.delivery AS earlier
                            WHERE earlier.subscription_id = waiting.subscription_id
                                AND earlier.alert_id = waiting.alert_id
                                AND earlier.alert_version < waiting.alert_version
                                AND (earlier.state = 'Waiting' OR earlier.leased_until > @now)
                                -- What a replay has yet to repeat holds no news back.
                                AND NOT EXISTS (SELECT FROM notification.replayed_delivery
                                    WHERE delivery_id = earlier.id AND due_at > @now))
                    ORDER BY waiting.next_attempt_at LIMIT lane.room FOR UPDATE SKIP LOCKED) AS delivery
                WHERE lane.room > 0)
            UPDATE notification.delivery SET leased_until = @leased_until, attempts = attempts + 1
            FROM due, notification.subscription
            WHERE delivery.id = due.id AND subscription.id = delivery.subscription_id
            RETURNING delivery.id, delivery.subscription_id, delivery.council_code, delivery.alert_id,
                delivery.alert_version, delivery.body,
                delivery.body_key_id, delivery.attempts, delivery.measured_from, delivery.trace_parent,
                    delivery.event_type, subscription.name, subscription.url,
                subscription.secret_key_id, subscription.secret_value,
                former_secrets, subscription.channel, headers_key_id, headers_value, private_networks,
                    private_networks_host, endpoint_epoch,
                enabled, ends_at, awaits_handshake, failing_since, failing_outcome
            """
        );
        var now = clock.GetUtcNow();
        command.Parameters.AddWithValue("now", now);
        command.Parameters.AddWithValue("leased_until", now + options.Value.Lease);
        command.Parameters.AddWithValue("room", roomOfOthers);
        command.Parameters.AddWithValue("lanes", busyLanes.Select(lane => lane.SubscriptionId).ToArray());
        command.Parameters.AddWithValue("epochs", busyLanes.Select(lane => lane.Epoch).ToArray());
        command.Parameters.AddWithValue("rooms", busyLanes.Select(lane => lane.Room).ToArray());
        command.Parameters.AddWithValue("rooms_if_reset", busyLanes.Select(lane => lane.RoomIfReset).ToArray());

        List<DueDelivery> due = [];
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            due.Add(Read(reader, now));
        return due;
    }

    /// <summary>Gives back what could not be tried after all.</summary>
    public async Task ReleaseAsync(Guid deliveryId, DateTimeOffset dueAgainAt, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand(
            """
            UPDATE notification.delivery SET leased_until = NULL, attempts = attempts - 1, next_attempt_at = @due
                WHERE id = @id
            """
        );
        command.Parameters.AddWithValue("id", deliveryId);
        command.Parameters.AddWithValue("due", dueAgainAt);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>
    /// What waits longer than any schedule says was deferred or leased by a clock that ran ahead: it is due
    /// now. A replay's pace may be long.
    /// </summary>
    public async Task ResetSkewedSchedulesAsync(CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand(
            """
            UPDATE notification.delivery SET next_attempt_at = least(next_attempt_at, @now), leased_until = NULL
            WHERE state = 'Waiting' AND (next_attempt_at > @never OR leased_until > @never)
                AND NOT EXISTS (SELECT FROM notification.replayed_delivery WHERE delivery_id = delivery.id
                    AND due_at > @now)
            """
        );
        var now = clock.GetUtcNow();
        command.Parameters.AddWithValue("now", now);
        command.Parameters.AddWithValue("never", now + RetrySchedule.Never);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public async Task<List<Backlog>> BacklogAsync(CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand(
            """
            SELECT delivery.council_code, count(*), extract(epoch FROM @now - min(delivery.created_at))::float8
            FROM notification.delivery JOIN notification.subscription ON subscription.id = delivery.subscription_id
            WHERE delivery.state = 'Waiting' GROUP BY delivery.council_code
            """
        );
        command.Parameters.AddWithValue("now", clock.GetUtcNow());
        List<Backlog> rows = [];
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            rows.Add(new Backlog(reader.GetString(0), reader.GetInt64(1), reader.GetDouble(2)));
        return rows;
    }

    public async Task<List<FailingEndpoints>> FailingAsync(CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand(
            "SELECT council_code, count(*) FROM notification.subscription WHERE failing_since IS NOT NULL GROUP BY "
                + "council_code"
        );
        List<FailingEndpoints> rows = [];
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            rows.Add(new FailingEndpoints(reader.GetString(0), reader.GetInt64(1)));
        return rows;
    }

    /// <summary>
    /// Writes down how attempts ended, with what follows for deliveries, alerts and their histories, in one
    /// round trip and one transaction.
    /// </summary>
    /// <returns>Whether that made anything due.</returns>
    public async Task<bool> RecordAsync(IReadOnlyList<EndedAttempt> ended, CancellationToken cancellationToken)
    {
        await using var batch = source.CreateBatch();
        // Alerts are locked first and in the consumers' order, so that a withdrawal and a delivery of one alert take
        // turns.
        var locks = Command(
            batch,
            """
            SELECT FROM notification.alert WHERE id = ANY(@alerts) ORDER BY encounter_id, council_code FOR UPDATE
            """
        );
        locks.Parameters.AddWithValue(
            "alerts",
            ended.Select(attempt => attempt.Delivery.AlertId).OfType<Guid>().ToArray()
        );

        var attempts = Command(
            batch,
            """
            WITH new AS (
                SELECT * FROM unnest(@delivery_id, @subscription_id, @number, @endpoint, @at, @duration_ms, @outcome,
                    @status, @next_attempt_at, @next_step, @entry_id, @subscription, @epoch)
                    AS new (delivery_id, subscription_id, number, endpoint, at, duration_ms, outcome, status, next_attempt_at, next_step, entry_id, subscription, epoch)),
            attempt AS (
                INSERT INTO notification.delivery_attempt (delivery_id, subscription_id, number, endpoint, at,
                    duration_ms, outcome, status, next_attempt_at)
                SELECT delivery_id, subscription_id, number, endpoint, at, duration_ms, outcome, status, next_attempt_at
                    FROM new),
            changed AS (
                UPDATE notification.delivery SET
                    state = CASE WHEN next_step = 'Done' THEN 'Delivered' WHEN state = 'Cancelled' THEN state
                        WHEN next_step = 'Park' THEN 'Parked' ELSE state END,
                    leased_until = NULL, last_outcome = new.outcome,
                    -- Where the endpoint was fixed meanwhile, the wait is not that of the fixed one.
                    next_attempt_at = CASE
                        WHEN new.epoch < (SELECT endpoint_epoch FROM notification.subscription
                            WHERE id = new.subscription_id) THEN @now
                        ELSE coalesce(new.next_attempt_at, delivery.next_attempt_at) END,
                    ended_at = CASE WHEN next_step = 'Retry' THEN ended_at ELSE @now END
                FROM new WHERE delivery.id = new.delivery_id
                RETURNING delivery.alert_id, delivery.alert_version, new.next_step, new.outcome, new.entry_id,
                    new.subscription)
            INSERT INTO notification.alert_entry (id, alert_id, at, deed, version, by_kind, subscription, note)
            SELECT entry_id, alert_id, @now, CASE next_step WHEN 'Done' THEN 'Delivered'
                ELSE 'DeliveryParked' END, alert_version, 'Hub', subscription,
                CASE next_step WHEN 'Park' THEN outcome END
            FROM changed WHERE next_step <> 'Retry' AND alert_id IS NOT NULL
            """
        );
        var now = clock.GetUtcNow();
        attempts.Parameters.AddWithValue("now", now);
        attempts.Array("delivery_id", NpgsqlDbType.Uuid, ended, row => row.Delivery.Id);
        attempts.Array("subscription_id", NpgsqlDbType.Uuid, ended, row => row.Delivery.To.SubscriptionId);
        attempts.Array("number", NpgsqlDbType.Integer, ended, row => row.Delivery.Attempt);
        attempts.Array("endpoint", NpgsqlDbType.Text, ended, row =>
            channels[row.Delivery.To.Channel].Shown(row.Delivery.To.Address)
        );
        attempts.Array("at", NpgsqlDbType.TimestampTz, ended, row => row.Attempt.At);
        attempts.Array("duration_ms", NpgsqlDbType.Integer, ended, row => (int)row.Attempt.Duration.TotalMilliseconds);
        attempts.Array("outcome", NpgsqlDbType.Text, ended, row => row.Attempt.Outcome.ToString());
        attempts.Array("status", NpgsqlDbType.Integer, ended, row => row.Attempt.Status);
        attempts.Array("next_attempt_at", NpgsqlDbType.TimestampTz, ended, row => row.NextAttemptAt);
        attempts.Array("next_step", NpgsqlDbType.Text, ended, row =>
            row.Delivery.StepAfter(row.Attempt.Outcome).ToString()
        );
        attempts.Array("epoch", NpgsqlDbType.Bigint, ended, row => row.Delivery.EndpointEpoch);
        attempts.Array("entry_id", NpgsqlDbType.Uuid, ended, _ => Guid.CreateVersion7(now));
        attempts.Array("subscription", NpgsqlDbType.Text, ended, row => row.Delivery.To.Name);

        // A machine's 2xx never closes an open alert. It only spares the feed news of one that is closed.
        var delivered = ended
            .Where(row => row.Attempt.Outcome is AttemptOutcome.Delivered && row.Delivery.AlertId is not null)
            .ToList();
        var alerts = Command(
            batch,
            """
            UPDATE notification.alert SET
                state = CASE state WHEN 'Raised' THEN 'Delivered' ELSE state END,
                in_feed = in_feed AND (state IN ('Raised', 'Delivered') OR alert.version > notified.version)
            FROM (SELECT id, max(version) AS version FROM unnest(@id, @version) AS notified (id, version)
                GROUP BY id) AS notified
            WHERE alert.id = notified.id AND (state = 'Raised' OR (in_feed AND state <> 'Delivered'))
            """
        );
        alerts.Array("id", NpgsqlDbType.Uuid, delivered, row => row.Delivery.AlertId!.Value);
        alerts.Array("version", NpgsqlDbType.Bigint, delivered, row => row.Delivery.AlertVersion);

        // A delivery that was taken has disclosed the alert.
        var audit = Command(batch, AuditDisclosed);
        audit.Parameters.AddWithValue("now", now);
        audit.Array("id", NpgsqlDbType.Uuid, delivered, _ => Guid.CreateVersion7(now));
        audit.Array("council", NpgsqlDbType.Text, delivered, row => row.Delivery.To.CouncilCode);
        audit.Array("alert", NpgsqlDbType.Uuid, delivered, row => row.Delivery.AlertId!.Value);

        // What the last attempt at each endpoint says of it. Most say what is known, and change nothing. One that
        // answers after failures has been fixed: what waits for it goes out, but not each time again at an endpoint
        // that takes some and fails others.
        var last = ended
            .Where(row => row.SaysHowEndpointIs)
            .GroupBy(row => row.Delivery.To.SubscriptionId)
            .Select(attempts =>
                (
                    Row: attempts.MaxBy(row => (row.Delivery.EndpointEpoch, row.Attempt.At + row.Attempt.Duration))!,
                    Failed: attempts.Any(row => row.Attempt.Outcome is not AttemptOutcome.Delivered)
                )
            )
            .ToList();
        var endpoints = Command(
            batch,
            """
            WITH seen AS (SELECT * FROM unnest(@id, @epoch, @failing, @failed, @outcome) AS seen (id, epoch, failing,
                failed, outcome)),
            failing AS (
                UPDATE notification.subscription SET failing_since = @now, failing_outcome = seen.outcome
                FROM seen WHERE subscription.id = seen.id AND seen.failing AND failing_since IS NULL
                    AND endpoint_epoch = seen.epoch),
            recovered AS (
                UPDATE notification.subscription SET failing_since = NULL, failing_outcome = NULL,
                    endpoint_epoch = endpoint_epoch + 1,
                    waiting_sent_at = CASE WHEN waiting_sent_at <= @now + @apart THEN greatest(@now,
                        waiting_sent_at + @apart) ELSE @now END
                FROM seen WHERE subscription.id = seen.id AND NOT seen.failing AND (failing_since IS NOT NULL
                    OR seen.failed) AND endpoint_epoch = seen.epoch
                RETURNING subscription.id, waiting_sent_at)
            UPDATE notification.delivery SET next_attempt_at = waiting.to
            FROM (
                SELECT delivery.id, waiting_sent_at AS to FROM recovered
                    JOIN notification.delivery ON subscription_id = recovered.id
                WHERE state = 'Waiting' AND next_attempt_at > waiting_sent_at
                    AND NOT EXISTS (SELECT FROM notification.replayed_delivery WHERE delivery_id = delivery.id
                        AND due_at > @now)
                FOR UPDATE OF delivery SKIP LOCKED) AS waiting
            WHERE delivery.id = waiting.id
            """
        );
        endpoints.Parameters.AddWithValue("now", now);
        endpoints.Parameters.AddWithValue("apart", WaitingSentAtMostEvery);
        endpoints.Array("id", NpgsqlDbType.Uuid, last, seen => seen.Row.Delivery.To.SubscriptionId);
        endpoints.Array("epoch", NpgsqlDbType.Bigint, last, seen => seen.Row.Delivery.EndpointEpoch);
        endpoints.Array("failing", NpgsqlDbType.Boolean, last, seen =>
            seen.Row.Attempt.Outcome is not AttemptOutcome.Delivered
        );
        endpoints.Array("failed", NpgsqlDbType.Boolean, last, seen => seen.Failed);
        endpoints.Array("outcome", NpgsqlDbType.Text, last, seen => seen.Row.Attempt.Outcome.ToString());

        var handshakes = ended
            .Where(row =>
                row.Delivery is { EventType: EndpointDelivery.HandshakeType }
                && row.Attempt.Outcome is AttemptOutcome.Delivered
            )
            .ToList();
        if (handshakes.Count > 0)
        {
            var confirmed = Command(
                batch,
                "UPDATE notification.subscription SET awaits_handshake = false WHERE id = ANY(@id)"
            );
            confirmed.Array("id", NpgsqlDbType.Uuid, handshakes, row => row.Delivery.To.SubscriptionId);
        }
        await batch.ExecuteNonQueryAsync(cancellationToken);
        // A handshake that was answered opens what waits behind it.
        return endpoints.RecordsAffected > 0 || handshakes.Count > 0;
    }

    private static NpgsqlBatchCommand Command(NpgsqlBatch batch, string sql)
    {
        var command = new NpgsqlBatchCommand(sql);
        batch.BatchCommands.Add(command);
        return command;
    }

    private DueDelivery Read(NpgsqlDataReader row, DateTimeOffset now)
    {
        var address = NotificationDb.SubscriptionAddress.Open(sealer, row.GetString(12));
        return new()
        {
            Id = row.GetGuid(0),
            AlertId = row.IsDBNull(3) ? null : row.GetGuid(3),
            AlertVersion = row.GetInt64(4),
            Body = row.GetFieldValue<byte[]>(5),
            BodyKeyId = row.IsDBNull(6) ? null : row.GetString(6),
            Attempt = row.GetInt32(7),
            MeasuredFrom = row.IsDBNull(8) ? null : row.GetFieldValue<DateTimeOffset>(8),
            TraceParent = row.IsDBNull(9) ? null : row.GetString(9),
            EventType = row.GetString(10),
            EndpointEpoch = row.GetInt64(21),
            To = new Recipient
            {
                SubscriptionId = row.GetGuid(1),
                CouncilCode = row.GetString(2),
                Name = row.GetString(11),
                Address = address,
                Secret = new Sealed<SigningSecret>(row.GetString(13), row.GetFieldValue<byte[]>(14)),
                FormerSecrets = FormerSecret.InForce(
                    JsonSerializer.Deserialize<List<FormerSecret>>(row.GetString(15), HubJson.Options)!,
                    now
                ),
                Channel = row.GetString(16),
                Headers = row.IsDBNull(17)
                    ? null
                    : new Sealed<CouncilHeaders>(row.GetString(17), row.GetFieldValue<byte[]>(18)),
                PrivateNetworks =
                    row.IsDBNull(19) || row.GetString(20) != Subscription.HostOf(address)
                        ? []
                        : [.. row.GetFieldValue<string[]>(19).Select(text => IPNetwork.Parse(text))],
                Health = new SubscriptionHealth(
                    row.GetBoolean(22),
                    row.IsDBNull(23) ? null : row.GetFieldValue<DateTimeOffset>(23),
                    row.GetBoolean(24),
                    row.IsDBNull(25) ? null : row.GetFieldValue<DateTimeOffset>(25),
                    row.IsDBNull(26) ? null : Enum.Parse<AttemptOutcome>(row.GetString(26))
                ),
            },
        };
    }
}
