using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using NpgsqlTypes;
using Safeguarding.Messaging;
using Safeguarding.Notification.Domain.Alerts;
using Safeguarding.Notification.Domain.Escalation;

namespace Safeguarding.Notification.Storage;

/// <summary>Writes down what is to happen while nobody acknowledges an alert, in the transaction that opens
/// it.</summary>
internal static class ScheduleSteps
{
    public static async Task ScheduleAsync(
        this NotificationDb db,
        IReadOnlyList<Alert> opened,
        IReadOnlyDictionary<string, DutyRota> rotas,
        CancellationToken cancellationToken
    )
    {
        var steps = opened
            .SelectMany(alert => EscalationStep.Plan(alert, rotas[alert.CouncilCode].Document.Get(alert.Grade)))
            .ToList();
        if (steps is [])
            return;
        await using var command = db.Connection.CreateCommand();
        command.CommandText = """
            INSERT INTO notification.escalation_step (alert_id, round, number, council_code, after_minutes, due_at,
                "to", state, sent_to)
            SELECT alert_id, round, number, council_code, after_minutes, due_at, names::jsonb, 'Waiting', '{}'
            FROM unnest(@alert_id, @round, @number, @council_code, @after_minutes, @due_at, @names)
                AS new (alert_id, round, number, council_code, after_minutes, due_at, names)
            """;
        command.Array("alert_id", NpgsqlDbType.Uuid, steps, step => step.AlertId);
        command.Array("round", NpgsqlDbType.Bigint, steps, step => step.Round);
        command.Array("number", NpgsqlDbType.Integer, steps, step => step.Number);
        command.Array("council_code", NpgsqlDbType.Text, steps, step => step.CouncilCode);
        command.Array("after_minutes", NpgsqlDbType.Integer, steps, step => step.AfterMinutes);
        command.Array("due_at", NpgsqlDbType.TimestampTz, steps, step => step.DueAt);
        command.Array("names", NpgsqlDbType.Text, steps, step => JsonSerializer.Serialize(step.To, HubJson.Options));
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>
    /// The grade has risen: the steps ahead are those of the higher grade, and what of them is past is due
    /// now.
    /// </summary>
    public static async Task RescheduleAsync(
        this NotificationDb db,
        IReadOnlyList<Alert> risen,
        IReadOnlyDictionary<string, DutyRota> rotas,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        if (risen is [])
            return;
        var ids = risen.Select(alert => alert.Id).ToArray();
        await db
            .EscalationSteps.Where(step => ids.Contains(step.AlertId) && step.State == EscalationState.Waiting)
            .ExecuteUpdateAsync(
                step =>
                    step.SetProperty(row => row.State, EscalationState.Cancelled).SetProperty(row => row.EndedAt, now),
                cancellationToken
            );
        await db.ScheduleAsync(risen, rotas, cancellationToken);
    }
}
