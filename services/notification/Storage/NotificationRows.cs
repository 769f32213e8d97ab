using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using Safeguarding.Messaging;
using Safeguarding.Notification.Domain.Alerts;
using Safeguarding.Notification.Domain.Deliveries;

namespace Safeguarding.Notification.Storage;

/// <summary>
/// Whole batches into one statement each: a batch of hundreds of matches costs the database a handful of round
/// trips.
/// </summary>
internal static class NotificationRows
{
    /// <exception cref="InvalidOperationException">An (encounter, council) has had its row made in this very moment; it
    /// is there when the batch is tried again.</exception>
    public static async Task InsertAllNewAsync(
        this NotificationDb db,
        IReadOnlyList<Alert> alerts,
        CancellationToken cancellationToken
    )
    {
        if (alerts is [])
            return;
        await using var command = db.Connection.CreateCommand();
        // In one order everywhere, so that two batches never wait for each other in a circle.
        command.CommandText = """
            INSERT INTO notification.alert (id, encounter_id, council_code, match_version, version, state, news,
                in_feed, disclosed,
                raised_at, grade, opened_at, overdue_at, plans, certainty, rule_version, late, encounter_status,
                    started_at, ended_at, received_at, concerns, why, decided_by,
                place_key_id, place_value, withdrawn_at, withdrawal_reason, trace_parent,
                change, grouped_into, shown_encounter_id, earlier, attended_version, attendances, sites, because, noise_rules)
            SELECT id, encounter_id, council_code, match_version, version, state, news, in_feed, false,
                raised_at, grade, opened_at, overdue_at, plans::jsonb, certainty, rule_version, late, encounter_status,
                    started_at, ended_at, received_at, concerns::jsonb, why::jsonb, decided_by,
                place_key_id, place_value, withdrawn_at, withdrawal_reason, trace_parent,
                change, grouped_into, shown_encounter_id, earlier::jsonb, attended_version, attendances, sites, because::jsonb, noise_rules
            FROM unnest(@id, @encounter_id, @council_code, @match_version, @version, @state, @news, @in_feed,
                @raised_at, @grade, @opened_at, @overdue_at, @plans, @certainty,
                @rule_version, @late, @encounter_status, @started_at, @ended_at, @received_at, @concerns, @why, @decided_by, @place_key_id,
                    @place_value,
                @withdrawn_at, @withdrawal_reason, @trace_parent, @change, @grouped_into, @shown_encounter_id, @earlier,
                    @attended_version,
                @attendances, @sites, @because, @noise_rules)
                AS new (id, encounter_id, council_code, match_version, version, state, news, in_feed, raised_at, grade, opened_at, overdue_at, plans, certainty,
                rule_version, late, encounter_status, started_at, ended_at, received_at, concerns, why, decided_by, place_key_id,
                    place_value,
                withdrawn_at, withdrawal_reason, trace_parent, change, grouped_into, shown_encounter_id, earlier,
                    attended_version,
                attendances, sites, because, noise_rules)
            ORDER BY encounter_id, council_code
            ON CONFLICT (encounter_id, council_code) DO NOTHING
            """;
        command.Array("id", NpgsqlDbType.Uuid, alerts, alert => alert.Id);
        command.Array("encounter_id", NpgsqlDbType.Uuid, alerts, alert => alert.EncounterId);
        command.Array("council_code", NpgsqlDbType.Text, alerts, alert => alert.CouncilCode);
        command.Array("match_version", NpgsqlDbType.Bigint, alerts, alert => alert.MatchVersion);
        command.Array("version", NpgsqlDbType.Bigint, alerts, alert => alert.Version);
        command.Array("state", NpgsqlDbType.Text, alerts, alert => alert.State.ToString());
        command.Array("news", NpgsqlDbType.Text, alerts, alert => alert.News.ToString());
        command.Array("in_feed", NpgsqlDbType.Boolean, alerts, alert => alert.InFeed);
        command.Array("raised_at", NpgsqlDbType.TimestampTz, alerts, alert => alert.RaisedAt);
        command.Array("grade", NpgsqlDbType.Text, alerts, alert => alert.Grade.ToString());
        command.Array("opened_at", NpgsqlDbType.TimestampTz, alerts, alert => alert.OpenedAt);
        command.Array("overdue_at", NpgsqlDbType.TimestampTz, alerts, alert => alert.OverdueAt);
        command.Array("plans", NpgsqlDbType.Text, alerts, alert =>
            JsonSerializer.Serialize(alert.Plans, HubJson.Options)
        );
        command.Array("certainty", NpgsqlDbType.Double, alerts, alert => alert.Certainty);
        command.Array("rule_version", NpgsqlDbType.Text, alerts, alert => alert.RuleVersion);
        command.Array("late", NpgsqlDbType.Boolean, alerts, alert => alert.Late);
        command.Array("encounter_status", NpgsqlDbType.Text, alerts, alert => alert.EncounterStatus.ToString());
        command.Array("started_at", NpgsqlDbType.TimestampTz, alerts, alert => alert.StartedAt);
        command.Array("ended_at", NpgsqlDbType.TimestampTz, alerts, alert => alert.EndedAt);
        command.Array("received_at", NpgsqlDbType.TimestampTz, alerts, alert => alert.ReceivedAt);
        command.Array("concerns", NpgsqlDbType.Text, alerts, alert =>
            JsonSerializer.Serialize(alert.Concerns, HubJson.Options)
        );
        command.Array("why", NpgsqlDbType.Text, alerts, alert =>
            alert.Why is null ? null : JsonSerializer.Serialize(alert.Why, HubJson.Options)
        );
        command.Array("decided_by", NpgsqlDbType.Text, alerts, alert => alert.DecidedBy?.ToString());
        command.Array("place_key_id", NpgsqlDbType.Text, alerts, alert => alert.PlaceKeyId);
        command.Array("place_value", NpgsqlDbType.Bytea, alerts, alert => alert.PlaceValue);
        command.Array("withdrawn_at", NpgsqlDbType.TimestampTz, alerts, alert => alert.WithdrawnAt);
        command.Array("withdrawal_reason", NpgsqlDbType.Text, alerts, alert => alert.WithdrawalReason?.ToString());
        command.Array("trace_parent", NpgsqlDbType.Text, alerts, alert => alert.TraceParent);
        command.Array("change", NpgsqlDbType.Text, alerts, alert => alert.Change);
        command.Array("grouped_into", NpgsqlDbType.Uuid, alerts, alert => alert.GroupedInto);
        command.Array("shown_encounter_id", NpgsqlDbType.Uuid, alerts, alert => alert.ShownEncounterId);
        command.Array("earlier", NpgsqlDbType.Text, alerts, alert =>
            JsonSerializer.Serialize(alert.Earlier, HubJson.Options)
        );
        command.Array("attended_version", NpgsqlDbType.Bigint, alerts, alert => alert.AttendedVersion);
        command.Array("attendances", NpgsqlDbType.Integer, alerts, alert => alert.Attendances);
        command.Array("sites", NpgsqlDbType.Integer, alerts, alert => alert.Sites);
        command.Array("because", NpgsqlDbType.Text, alerts, alert =>
            JsonSerializer.Serialize(alert.Because, HubJson.Options)
        );
        command.Array("noise_rules", NpgsqlDbType.Bigint, alerts, alert => alert.RulesVersion);

        if (await command.ExecuteNonQueryAsync(cancellationToken) < alerts.Count)
            throw new InvalidOperationException("An alert of this batch was made meanwhile.");
    }

    public static async Task InsertAsync(
        this NotificationDb db,
        IReadOnlyList<AlertEntry> entries,
        CancellationToken cancellationToken
    )
    {
        if (entries is [])
            return;
        await using var command = db.Connection.CreateCommand();
        command.CommandText = """
            INSERT INTO notification.alert_entry (id, alert_id, at, deed, version, by_kind, "by", subscription, note)
            SELECT * FROM unnest(@id, @alert_id, @at, @deed, @version, @by_kind, @by, @subscription, @note)
            """;
        command.Array("id", NpgsqlDbType.Uuid, entries, entry => entry.Id);
        command.Array("alert_id", NpgsqlDbType.Uuid, entries, entry => entry.AlertId);
        command.Array("at", NpgsqlDbType.TimestampTz, entries, entry => entry.At);
        command.Array("deed", NpgsqlDbType.Text, entries, entry => entry.EventType.ToString());
        command.Array("version", NpgsqlDbType.Bigint, entries, entry => entry.Version);
        command.Array("by_kind", NpgsqlDbType.Text, entries, entry => entry.ByKind.ToString());
        command.Array("by", NpgsqlDbType.Text, entries, entry => db.Seal(NotificationDb.EntryBy, entry.By));
        command.Array("subscription", NpgsqlDbType.Text, entries, entry => entry.Subscription);
        command.Array("note", NpgsqlDbType.Text, entries, entry => db.Seal(NotificationDb.EntryNote, entry.Note));
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public static async Task InsertAsync(
        this NotificationDb db,
        IReadOnlyList<EndpointDelivery> deliveries,
        CancellationToken cancellationToken
    )
    {
        if (deliveries is [])
            return;
        await using var command = db.Connection.CreateCommand();
        command.CommandText = """
            INSERT INTO notification.delivery (id, subscription_id, council_code, alert_id, alert_version, event_type,
                event_number, body, body_key_id,
                state, attempts, created_at, measured_from, next_attempt_at, trace_parent, notice_id)
            SELECT id, subscription_id, council_code, alert_id, alert_version, event_type, event_number, body,
                body_key_id,
                'Waiting', 0, created_at, measured_from, created_at, trace_parent, notice_id
            FROM unnest(@id, @subscription_id, @council_code, @alert_id, @alert_version, @event_type, @event_number,
                @body, @body_key_id,
                @created_at, @measured_from, @trace_parent, @notice_id)
                AS new (id, subscription_id, council_code, alert_id, alert_version, event_type, event_number, body, body_key_id,
                created_at, measured_from, trace_parent, notice_id)
            WHERE subscription_id IN (
                -- One that is being deleted in this moment waits for this commit and cancels it; one that is gone gets nothing.
                SELECT id FROM notification.subscription WHERE id = ANY(@subscription_id) ORDER BY id FOR KEY SHARE)
            """;
        command.Array("id", NpgsqlDbType.Uuid, deliveries, delivery => delivery.Id);
        command.Array("subscription_id", NpgsqlDbType.Uuid, deliveries, delivery => delivery.SubscriptionId);
        command.Array("council_code", NpgsqlDbType.Text, deliveries, delivery => delivery.CouncilCode);
        command.Array("alert_id", NpgsqlDbType.Uuid, deliveries, delivery => delivery.AlertId);
        command.Array("alert_version", NpgsqlDbType.Bigint, deliveries, delivery => delivery.AlertVersion);
        command.Array("event_type", NpgsqlDbType.Text, deliveries, delivery => delivery.EventType);
        command.Array("event_number", NpgsqlDbType.Bigint, deliveries, delivery => delivery.EventNumber);
        command.Array("body", NpgsqlDbType.Bytea, deliveries, delivery => delivery.Body);
        command.Array("body_key_id", NpgsqlDbType.Text, deliveries, delivery => delivery.BodyKeyId);
        command.Array("created_at", NpgsqlDbType.TimestampTz, deliveries, delivery => delivery.CreatedAt);
        command.Array("measured_from", NpgsqlDbType.TimestampTz, deliveries, delivery => delivery.MeasuredFrom);
        command.Array("trace_parent", NpgsqlDbType.Text, deliveries, delivery => delivery.TraceParent);
        command.Array("notice_id", NpgsqlDbType.Uuid, deliveries, delivery => delivery.NoticeId);
        await command.ExecuteNonQueryAsync(cancellationToken);
        db.OnCommitted(new CommitSignal.DeliveriesDue());
    }

    /// <summary>Counts events of a subscription, and puts its next sign of life off: an event is one.</summary>
    /// <returns>The last one's number.</returns>
    public static async Task<long> CountEventsAsync(
        this NotificationDb db,
        Guid subscriptionId,
        int count,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        await using var command = db.Connection.CreateCommand();
        command.CommandText = """
            UPDATE notification.subscription SET last_event_number = last_event_number + @count,
                next_heartbeat_at = @now + heartbeat_seconds * interval '1 second'
            WHERE id = @id RETURNING last_event_number
            """;
        command.Parameters.AddWithValue("id", subscriptionId);
        command.Parameters.AddWithValue("count", (long)count);
        command.Parameters.AddWithValue("now", now);
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>One column of a batch as an array parameter.</summary>
    public static void Array<TRow, TValue>(
        this NpgsqlCommand command,
        string name,
        NpgsqlDbType type,
        IReadOnlyList<TRow> rows,
        Func<TRow, TValue> column
    ) => command.Parameters.Add(Column(name, type, rows, column));

    /// <inheritdoc cref="Array{TRow, TValue}(NpgsqlCommand, string, NpgsqlDbType, IReadOnlyList{TRow}, Func{TRow, TValue})"/>
    public static void Array<TRow, TValue>(
        this NpgsqlBatchCommand command,
        string name,
        NpgsqlDbType type,
        IReadOnlyList<TRow> rows,
        Func<TRow, TValue> column
    ) => command.Parameters.Add(Column(name, type, rows, column));

    private static NpgsqlParameter Column<TRow, TValue>(
        string name,
        NpgsqlDbType type,
        IReadOnlyList<TRow> rows,
        Func<TRow, TValue> column
    )
    {
        var values = new TValue[rows.Count];
        for (var i = 0; i < values.Length; i++)
            values[i] = column(rows[i]);
        return new NpgsqlParameter(name, NpgsqlDbType.Array | type) { Value = values };
    }
}
