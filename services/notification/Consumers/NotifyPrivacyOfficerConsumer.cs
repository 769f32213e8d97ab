using Microsoft.EntityFrameworkCore;
using Safeguarding.Contracts.Plans;
using Safeguarding.Messaging;
using Safeguarding.Notification.Delivery;
using Safeguarding.Notification.Delivery.Channels;
using Safeguarding.Notification.Domain;
using Safeguarding.Notification.Domain.Subscriptions;
using Safeguarding.Notification.Storage;

namespace Safeguarding.Notification.Consumers;

/// <summary>
/// Notifies an organisation's privacy officer that somebody there used break-glass; the hub's own where the
/// organisation has none, and the operators by an alarm where the hub has none either.
/// </summary>
public sealed partial class NotifyPrivacyOfficerConsumer(
    NotificationDb db,
    NewDeliveries deliveries,
    TimeProvider clock,
    ILogger<NotifyPrivacyOfficerConsumer> logger
) : IConsumer<BreakGlassUsed>
{
    /// <inheritdoc/>
    public async Task Consume(IReadOnlyList<Received<BreakGlassUsed>> batch, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow().AsStored();
        string[] asked =
        [
            .. batch
                .Select(received => PrivacyOfficer.RecipientOf(received.Event.Organisation))
                .Append(PrivacyOfficer.OfHub)
                .Distinct(),
        ];
        var reachable = await db
            .Subscriptions.Where(contact =>
                asked.Contains(contact.CouncilCode)
                && contact.Enabled
                && (contact.EndsAt == null || contact.EndsAt > now)
            )
            .Select(contact => contact.CouncilCode)
            .ToListAsync(cancellationToken);
        var notices = new List<CouncilNotice>();
        foreach (var use in batch.Select(received => received.Event))
        {
            var own = PrivacyOfficer.RecipientOf(use.Organisation);
            var recipient = reachable.Contains(own) ? own : PrivacyOfficer.OfHub;
            if (reachable.Contains(recipient))
            {
                PrivacyOfficerMetrics.Notified(use.Organisation);
            }
            else
            {
                PrivacyOfficerMetrics.NobodyNotified(use.Organisation);
                NoContact(logger, use.UseId, use.Organisation);
            }

            notices.Add(new CouncilNotice(recipient, new Notice.OfBreakGlass(use), Audience.Everybody));
        }

        await deliveries.DeliverNoticesAsync(
            db,
            notices,
            await db.RotasAsync(notices.Select(notice => notice.CouncilCode), cancellationToken),
            now,
            cancellationToken
        );
    }

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "Nobody is notified of break-glass use {UseId}: neither {Organisation} nor the hub has a contact"
    )]
    private static partial void NoContact(ILogger logger, Guid useId, string organisation);
}
