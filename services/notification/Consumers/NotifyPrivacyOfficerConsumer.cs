using Safeguarding.Contracts.Plans;
using Safeguarding.Messaging;
using Safeguarding.Notification.Delivery;
using Safeguarding.Notification.Delivery.Channels;
using Safeguarding.Notification.Domain;
using Safeguarding.Notification.Domain.Subscriptions;
using Safeguarding.Notification.Storage;

namespace Safeguarding.Notification.Consumers;

/// <summary>Notifies an organisation's privacy officer that somebody there used break-glass.</summary>
public sealed class NotifyPrivacyOfficerConsumer(NotificationDb db, NewDeliveries deliveries, TimeProvider clock)
    : IConsumer<BreakGlassUsed>
{
    /// <inheritdoc/>
    public async Task Consume(IReadOnlyList<Received<BreakGlassUsed>> batch, CancellationToken cancellationToken)
    {
        var notices = batch
            .Select(received => new CouncilNotice(
                PrivacyOfficer.RecipientOf(received.Event.Organisation),
                new Notice.OfBreakGlass(received.Event),
                Audience.Everybody
            ))
            .ToList();
        await deliveries.DeliverNoticesAsync(
            db,
            notices,
            await db.RotasAsync(notices.Select(notice => notice.CouncilCode), cancellationToken),
            clock.GetUtcNow().AsStored(),
            cancellationToken
        );
    }
}
