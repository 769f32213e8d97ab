using Microsoft.Extensions.Options;
using Npgsql;
using Safeguarding.Messaging.Storage;

namespace Safeguarding.Notification.Storage.Retention;

/// <summary>
/// Deletes what is older than it has to be kept, in slices of short statements, so that nobody waits for it. Ids are
/// version 7 UUIDs, so they find the old rows by themselves.
/// </summary>
internal sealed partial class PurgeOld(
    NpgsqlDataSource source,
    IOptions<RetentionOptions> options,
    TimeProvider clock,
    ILogger<PurgeOld> logger
) : RecurringWork(TimeSpan.FromHours(1), clock, logger)
{
    private const int Slice = 1_000;
    private static readonly TimeSpan Breath = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// In this order: what names an alert goes before the alert, and an alert whose rows are gone by half goes
    /// on with the next run.
    /// </summary>
    private static readonly (string Name, string Sql)[] Statements =
    [
        (
            "attempts",
            """
            DELETE FROM notification.delivery_attempt WHERE id IN (SELECT id FROM notification.delivery_attempt
                WHERE at < @attempts LIMIT @slice)
            """
        ),
        (
            "notices",
            """
            DELETE FROM notification.delivery WHERE id IN (
                SELECT id FROM notification.delivery WHERE id < @attempts_id AND alert_id IS NULL AND state <> 'Waiting'
                    ORDER BY id LIMIT @slice)
            """
        ),
        (
            "reports",
            """
            DELETE FROM notification.endpoint_report WHERE id IN (SELECT id FROM notification.endpoint_report
                WHERE id < @alerts_id ORDER BY id LIMIT @slice)
            """
        ),
        (
            "registrations",
            """
            DELETE FROM notification.registration_notice WHERE id IN (SELECT id FROM notification.registration_notice
                WHERE id < @alerts_id AND place_agreed_at IS NULL ORDER BY id LIMIT @slice)
            """
        ),
        (
            "alerts",
            """
            WITH old AS (
                SELECT id FROM notification.alert
                WHERE id < @alerts_id AND state NOT IN ('Raised', 'Delivered') AND NOT in_feed
                    AND NOT EXISTS (SELECT FROM notification.delivery WHERE delivery.alert_id = alert.id
                        AND delivery.state = 'Waiting')
                ORDER BY id LIMIT @slice FOR UPDATE SKIP LOCKED),
            entries AS (DELETE FROM notification.alert_entry USING old WHERE alert_entry.alert_id = old.id),
            attempts AS (DELETE FROM notification.delivery_attempt USING notification.delivery, old
                WHERE delivery_attempt.delivery_id = delivery.id AND delivery.alert_id = old.id),
            replayed AS (DELETE FROM notification.replayed_delivery USING notification.delivery, old
                WHERE replayed_delivery.delivery_id = delivery.id AND delivery.alert_id = old.id),
            deliveries AS (DELETE FROM notification.delivery USING old WHERE delivery.alert_id = old.id),
            steps AS (DELETE FROM notification.escalation_step USING old WHERE escalation_step.alert_id = old.id),
            joined AS (DELETE FROM notification.alert AS joined USING old WHERE joined.grouped_into = old.id)
            DELETE FROM notification.alert USING old WHERE alert.id = old.id
            """
        ),
    ];

    protected override async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        var now = Clock.GetUtcNow();
        var (attempts, alerts) = (now - options.Value.Attempts, now - options.Value.Alerts);
        foreach (var (name, sql) in Statements)
        {
            var forgotten = 0;
            while (true)
            {
                await using var command = source.CreateCommand(sql);
                command.Parameters.AddWithValue("slice", Slice);
                if (sql.Contains("@attempts ", StringComparison.Ordinal))
                    command.Parameters.AddWithValue("attempts", attempts);
                if (sql.Contains("@attempts_id", StringComparison.Ordinal))
                    command.Parameters.AddWithValue("attempts_id", Guid.CreateVersion7(attempts));
                if (sql.Contains("@alerts_id", StringComparison.Ordinal))
                    command.Parameters.AddWithValue("alerts_id", Guid.CreateVersion7(alerts));
                var deleted = await command.ExecuteNonQueryAsync(cancellationToken);
                forgotten += deleted;
                if (deleted < Slice)
                    break;
                await Task.Delay(Breath, Clock, cancellationToken);
            }
            if (forgotten > 0)
                Deleted(Logger, forgotten, name);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Deleted {Count} old {What}")]
    private static partial void Deleted(ILogger logger, int count, string what);
}
