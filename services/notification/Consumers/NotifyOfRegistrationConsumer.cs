using Safeguarding.Contracts.Plans;
using Safeguarding.Messaging;
using Safeguarding.Notification.Delivery;
using Safeguarding.Notification.Delivery.Channels;
using Safeguarding.Notification.Domain;
using Safeguarding.Notification.Domain.Registrations;
using Safeguarding.Notification.Storage;

namespace Safeguarding.Notification.Consumers;

/// <summary>
/// Notifies two councils that both have a child on their registers. Of a restricted child somebody may be looking for
/// it, so out of hours the emergency duty team is notified too.
/// </summary>
public sealed class NotifyOfRegistrationConsumer(NotificationDb db, NewDeliveries deliveries, TimeProvider clock)
    : IConsumer<ChildRegisteredAgain>
{
    /// <inheritdoc/>
    public async Task Consume(IReadOnlyList<Received<ChildRegisteredAgain>> batch, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow().AsStored();
        var pairs = batch.Select(received => received.Event).ToList();
        var restricted = pairs
            .Where(pair => pair.TellRegistrant is OtherCouncilShown.Nothing)
            .Select(pair => pair.PairId)
            .ToHashSet();
        var notices = await db.InsertNewAsync(
            [.. pairs.SelectMany(pair => DescribeRegistration.Describe(pair, now))],
            cancellationToken
        );
        await deliveries.DeliverNoticesAsync(
            db,
            notices.ConvertAll(notice => new CouncilNotice(
                notice.CouncilCode,
                new Notice.OfRegistration(notice),
                restricted.Contains(notice.PairId) ? Audience.OnDuty : Audience.FirstLine
            )),
            await db.RotasAsync(notices.Select(notice => notice.CouncilCode), cancellationToken),
            now,
            cancellationToken
        );
    }
}
