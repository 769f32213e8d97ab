using Microsoft.EntityFrameworkCore;
using Safeguarding.Hosting.Hours;
using Safeguarding.Notification.Delivery.Channels;
using Safeguarding.Notification.Domain;
using Safeguarding.Notification.Domain.Alerts;
using Safeguarding.Notification.Domain.Subscriptions;
using Safeguarding.Notification.Storage;

namespace Safeguarding.Notification.Delivery.Escalation;

/// <summary>
/// Takes the steps that are due, whichever replica comes first: step, deliveries and history in one transaction, so a
/// step is taken wholly and once or is still due. Whoever has the alert already is not notified twice.
/// </summary>
internal sealed class TakeDueSteps(
    NotificationDb db,
    NewDeliveries newDeliveries,
    BankHolidays england,
    TimeProvider clock
)
{
    private const int MostAtOnce = 100;

    /// <returns>How many were taken; ask again while there are any.</returns>
    public async Task<int> TakeAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow().AsStored();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        // SKIP LOCKED on both: an acknowledgement under way holds its alert, and its steps are then cancelled or looked
        // at again in a second.
        var steps = await db
            .EscalationSteps.FromSql(
                $"""
                SELECT step.* FROM notification.escalation_step AS step
                    JOIN notification.alert ON alert.id = step.alert_id
                WHERE step.state = 'Waiting' AND step.due_at <= {now}
                ORDER BY step.due_at, step.number LIMIT {MostAtOnce} FOR UPDATE OF alert, step SKIP LOCKED
                """
            )
            .ToListAsync(cancellationToken);
        if (steps is [])
            return 0;

        var alertIds = steps.Select(step => step.AlertId).Distinct().ToArray();
        var alerts = await db
            .Alerts.Where(alert => alertIds.Contains(alert.Id))
            .ToDictionaryAsync(alert => alert.Id, cancellationToken);
        var rotas = await db.RotasAsync(steps.Select(step => step.CouncilCode), cancellationToken);
        var notified = await NewDeliveries.NotifiedAsync(db, alertIds, cancellationToken);
        var codes = rotas.Keys.ToArray();
        var subscriptions = (
            await db
                .Subscriptions.AsNoTracking()
                .Where(known => codes.Contains(known.CouncilCode))
                .ToListAsync(cancellationToken)
        ).ToDictionary(known => (known.CouncilCode, known.Name));

        List<(Alert Alert, Subscription Subscription)> deliveries = [];
        foreach (var step in steps)
        {
            var (alert, rota) = (alerts[step.AlertId], rotas[step.CouncilCode]);
            if (!step.Take(alert, now))
                continue;
            var emergency = rota.OutOfHours(england, now);
            List<string> notes = [];
            foreach (var name in rota.Document.Behind(step.To).Union(emergency))
            {
                var outOfHours = emergency.Contains(name) ? " (out of hours)" : "";
                if (!subscriptions.TryGetValue((step.CouncilCode, name), out var subscription))
                {
                    notes.Add($"{name} is gone");
                }
                else if (!subscription.Takes(Notice.TypeOf(alert.News)))
                {
                    notes.Add($"{name} leaves such events out");
                }
                else if (!notified.Add((alert.Id, alert.Version, subscription.Id)))
                {
                    notes.Add($"{name}{outOfHours} has it");
                }
                else
                {
                    notes.Add($"{name}{outOfHours}{(subscription.Enabled ? "" : " is switched off")}");
                    step.SentTo.Add(subscription.Id);
                    deliveries.Add((alert, subscription));
                }
            }
            var what =
                step.Number == 0
                    ? $"Nobody has taken it for {step.AfterMinutes} minutes"
                    : $"Step {step.Number} after {step.AfterMinutes} minutes";
            db.Add(
                AlertEntry.Of(
                    alert,
                    step.Number == 0 ? AlertEventType.Overdue : AlertEventType.Escalated,
                    now,
                    note: notes is [] ? what : $"{what}: {string.Join(", ", notes)}"
                )
            );
        }
        await newDeliveries.DeliverToAsync(db, deliveries, now, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(CancellationToken.None);
        EscalationMetrics.Taken(steps);
        return steps.Count;
    }
}
