using Safeguarding.Contracts.Matches;
using Safeguarding.Messaging;
using Safeguarding.Notification.Delivery;
using Safeguarding.Notification.Delivery.Channels;
using Safeguarding.Notification.Domain;
using Safeguarding.Notification.Storage;

namespace Safeguarding.Notification.Consumers;

/// <summary>
/// Tells a council that a question waits for one of its people, and everybody of the council when nobody takes
/// it.
/// </summary>
[QueueName("tell-of-review")]
public sealed class NotifyOfReviewConsumer(NotificationDb db, NewDeliveries deliveries, TimeProvider clock)
    : IConsumer<MatchNeedsReview>
{
    /// <inheritdoc/>
    public async Task Consume(IReadOnlyList<Received<MatchNeedsReview>> batch, CancellationToken cancellationToken)
    {
        var reviews = batch.Select(received => received.Event).ToList();
        var rotas = await db.RotasAsync(reviews.Select(review => review.CouncilCode), cancellationToken);
        var notices = reviews.ConvertAll(review => new CouncilNotice(
            review.CouncilCode,
            new Notice.OfReview(review),
            review.Overdue ? Audience.Everybody : Audience.OnDuty
        ));
        await deliveries.DeliverNoticesAsync(db, notices, rotas, clock.GetUtcNow().AsStored(), cancellationToken);
    }
}
