using Safeguarding.Contracts.Plans;
using Safeguarding.Messaging;
using Safeguarding.Notification.Delivery;
using Safeguarding.Notification.Delivery.Channels;
using Safeguarding.Notification.Domain;
using Safeguarding.Notification.Storage;

namespace Safeguarding.Notification.Consumers;

/// <summary>
/// Notifies a council that an upload of its register waits for its confirmation. It is office work: the
/// emergency duty team is not woken.
/// </summary>
public sealed class NotifyCouncilOfUploadConsumer(NotificationDb db, NewDeliveries deliveries, TimeProvider clock)
    : IConsumer<PlanUploadAwaitsConfirmation>
{
    /// <inheritdoc/>
    public async Task Consume(
        IReadOnlyList<Received<PlanUploadAwaitsConfirmation>> batch,
        CancellationToken cancellationToken
    )
    {
        var uploads = batch.Select(received => received.Event).ToList();
        var rotas = await db.RotasAsync(uploads.Select(upload => upload.CouncilCode), cancellationToken);
        var notices = uploads.ConvertAll(upload => new CouncilNotice(
            upload.CouncilCode,
            new Notice.OfUpload(upload),
            Audience.FirstLine
        ));
        await deliveries.DeliverNoticesAsync(db, notices, rotas, clock.GetUtcNow().AsStored(), cancellationToken);
    }
}
