using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Safeguarding.Messaging.Storage;
using Safeguarding.Notification.Storage;

namespace Safeguarding.Notification.Delivery;

/// <summary>Wakes this process's dispatcher.</summary>
internal sealed class DeliverySignal : WakeUpSignal;

/// <summary>Signals after the commit that made deliveries or news in the feed visible.</summary>
internal sealed class DeliveryNotifyInterceptor(DeliverySignal signal, FeedSignal feed) : DbTransactionInterceptor
{
    public override Task TransactionCommittedAsync(
        DbTransaction transaction,
        TransactionEndEventData eventData,
        CancellationToken cancellationToken = default
    )
    {
        foreach (var committed in (eventData.Context as NotificationDb)?.TakeSignals() ?? [])
        {
            if (committed is CommitSignal.FeedHasNews news)
                feed.Set(news.CouncilCode);
            else
                signal.Set();
        }
        return Task.CompletedTask;
    }
}
