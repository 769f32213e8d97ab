using Microsoft.EntityFrameworkCore;
using Safeguarding.Contracts.Plans;
using Safeguarding.Messaging;
using Safeguarding.Notification.Delivery;
using Safeguarding.Notification.Delivery.Channels;
using Safeguarding.Notification.Domain;
using Safeguarding.Notification.Domain.Alerts;
using Safeguarding.Notification.Storage;

namespace Safeguarding.Notification.Consumers;

/// <summary>
/// Notifies a council that a child of a running plan was looked up in unscheduled care: by night its emergency duty
/// team, as of an alert. It joins the history of the child's open alerts.
/// </summary>
public sealed class NotifyCouncilOfLookupConsumer(NotificationDb db, NewDeliveries deliveries, TimeProvider clock)
    : IConsumer<PlanLookedUp>
{
    /// <inheritdoc/>
    public async Task Consume(IReadOnlyList<Received<PlanLookedUp>> batch, CancellationToken cancellationToken)
    {
        var lookups = batch.Select(received => received.Event).ToList();
        var rotas = await db.RotasAsync(lookups.Select(lookup => lookup.CouncilCode), cancellationToken);
        var notices = lookups.ConvertAll(lookup => new CouncilNotice(
            lookup.CouncilCode,
            new Notice.OfLookup(lookup),
            Audience.OnDuty
        ));
        var now = clock.GetUtcNow().AsStored();
        await deliveries.DeliverNoticesAsync(db, notices, rotas, now, cancellationToken);
        foreach (var lookup in lookups)
            await NoteAsync(lookup, now, cancellationToken);
    }

    // For whoever takes an alert of this child that still waits.
    private async Task NoteAsync(PlanLookedUp lookup, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var open = await db
            .Alerts.AsNoTracking()
            .Where(alert =>
                alert.CouncilCode == lookup.CouncilCode
                && (alert.State == AlertState.Raised || alert.State == AlertState.Delivered)
                && db.PlanAttendances.Any(attendance =>
                    attendance.CouncilCode == lookup.CouncilCode
                    && lookup.PlanIds.Contains(attendance.PlanId)
                    && attendance.AlertId == alert.Id
                )
            )
            .ToListAsync(cancellationToken);
        var who = lookup.Organisation is null ? null : $"{lookup.Organisation} {lookup.Role}";
        db.AddRange(
            open.Where(alert => alert.IsRaised)
                .Select(alert => AlertEntry.Of(alert, AlertEventType.LookedUp, now, note: who))
        );
    }
}
