using Safeguarding.Contracts.Plans;
using Safeguarding.Messaging;
using Safeguarding.Notification.Delivery;
using Safeguarding.Notification.Delivery.Channels;
using Safeguarding.Notification.Domain;
using Safeguarding.Notification.Storage;

namespace Safeguarding.Notification.Consumers;

/// <summary>
/// Notifies a council that a child of a running plan was looked up in unscheduled care: by night its emergency duty
/// team, as of an alert.
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
        await deliveries.DeliverNoticesAsync(db, notices, rotas, clock.GetUtcNow().AsStored(), cancellationToken);
    }
}
