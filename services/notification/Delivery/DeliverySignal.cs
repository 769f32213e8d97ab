using System.Data.Common;
using System.Threading.Channels;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Safeguarding.Notification.Storage;

namespace Safeguarding.Notification.Delivery;

/// <summary>Wakes this process's dispatcher; many signals in a row are one.</summary>
internal sealed class DeliverySignal
{
    private readonly Channel<bool> _channel = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite }
    );

    public void Ring() => _channel.Writer.TryWrite(true);

    public async Task WaitAsync(TimeSpan atMost, TimeProvider clock, CancellationToken cancellationToken)
    {
        using var floor = new CancellationTokenSource(atMost, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, floor.Token);
        try
        {
            await _channel.Reader.ReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // The floor: what another process made due, and what time made due.
        }
    }
}

/// <summary>Rings after the commit that made deliveries or news in the feed visible.</summary>
internal sealed class DeliveryWakeUp(DeliverySignal signal, FeedSignal feed) : DbTransactionInterceptor
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
                feed.Ring(news.CouncilCode);
            else
                signal.Ring();
        }
        return Task.CompletedTask;
    }
}
