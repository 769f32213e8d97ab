using Safeguarding.Contracts.Matches;
using Safeguarding.Hosting.Messaging;
using Safeguarding.Notification.Deliveries;
using Safeguarding.Notification.Storage;

namespace Safeguarding.Notification.Alerts;

/// <summary>Takes alerts back: what was not tried yet is never sent, and whoever may have heard of it hears of the withdrawal.</summary>
public sealed class WithdrawAlertConsumer(NotificationDb db, NewDeliveries deliveries, TimeProvider clock) : IConsumer<MatchWithdrawn>
{
    public async Task Consume(IReadOnlyList<Received<MatchWithdrawn>> batch, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow().AsStored();
        var newest = batch
            .Select(received => received.Event)
            .GroupBy(withdrawal => (withdrawal.EncounterId, withdrawal.CouncilCode))
            .Select(versions => versions.MaxBy(withdrawal => withdrawal.Version)!)
            .ToList();
        var remembered = newest.ConvertAll(withdrawal => Alert.NeverRaised(withdrawal, now));
        var inserted = await db.InsertNewAsync(remembered, cancellationToken);
        var known = newest.Where((_, i) => !inserted.Contains(remembered[i].Id)).ToList();
        if (known is []) return;

        var alerts = await db.LockAsync([.. known.Select(withdrawal => (withdrawal.EncounterId, withdrawal.CouncilCode))], cancellationToken);
        var withdrawn = known
            .Select(withdrawal => (Alert: alerts[(withdrawal.EncounterId, withdrawal.CouncilCode)], Withdrawal: withdrawal))
            .Where(pair => pair.Alert.Withdraw(pair.Withdrawal, now))
            .Select(pair => pair.Alert)
            .ToList();
        if (withdrawn is []) return;

        List<AlertEntry> entries =
        [
            .. withdrawn.Select(alert => AlertEntry.Of(alert, AlertDeed.Withdrawn, now, note: alert.WithdrawalReason.ToString())),
            .. await db.CancelWaitingAsync(withdrawn, now, cancellationToken),
        ];
        await db.InsertAsync(entries, cancellationToken);
        await deliveries.DeliverWithdrawalAsync(db, withdrawn, now, cancellationToken);
        foreach (var alert in withdrawn) DeliveryMetrics.Told(alert);
    }
}
