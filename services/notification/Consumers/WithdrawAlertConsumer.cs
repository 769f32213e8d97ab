using Safeguarding.Contracts.Matches;
using Safeguarding.Hosting.Privacy;
using Safeguarding.Messaging;
using Safeguarding.Notification.Delivery;
using Safeguarding.Notification.Domain;
using Safeguarding.Notification.Domain.Alerts;
using Safeguarding.Notification.Domain.Grouping;
using Safeguarding.Notification.Storage;

namespace Safeguarding.Notification.Consumers;

/// <summary>
/// Takes alerts back: what was not tried yet is never sent, and whoever may have heard of it hears of the withdrawal.
/// An alert that still tells of another attendance is amended instead.
/// </summary>
public sealed class WithdrawAlertConsumer(
    NotificationDb db,
    NewDeliveries deliveries,
    Sealer sealer,
    TimeProvider clock
) : IConsumer<MatchWithdrawn>
{
    public async Task Consume(IReadOnlyList<Received<MatchWithdrawn>> batch, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow().AsStored();
        var newest = batch
            .Select(received => received.Event)
            .GroupBy(withdrawal => (withdrawal.EncounterId, withdrawal.CouncilCode))
            .Select(versions => versions.MaxBy(withdrawal => withdrawal.Version)!)
            .ToList();
        // Locked before anything is inserted, as raising does: so the two never wait for each other in a circle.
        var alerts = await db.LockAsync(
            newest.ConvertAll(withdrawal => (withdrawal.EncounterId, withdrawal.CouncilCode)),
            [],
            cancellationToken
        );
        var rows = alerts.Values.ToDictionary(alert => (alert.EncounterId, alert.CouncilCode));
        var (known, unknown) = (
            newest.FindAll(withdrawal => rows.ContainsKey((withdrawal.EncounterId, withdrawal.CouncilCode))),
            newest.FindAll(withdrawal => !rows.ContainsKey((withdrawal.EncounterId, withdrawal.CouncilCode)))
        );
        var remembered = unknown.ConvertAll(withdrawal => Alert.NeverRaised(withdrawal, now));
        // A match may have been first in this very moment. Its row is there when this batch is tried again.
        if ((await db.InsertNewAsync(remembered, cancellationToken)).Count < remembered.Count)
            throw new InvalidOperationException("An alert of this batch was made meanwhile.");

        List<AlertEntry> entries = [];
        List<(Alert Alert, Guid EncounterId)> left = [];
        foreach (var withdrawal in known)
        {
            var row = rows[(withdrawal.EncounterId, withdrawal.CouncilCode)];
            if (withdrawal.Version <= row.MatchVersion)
                continue;
            row.MatchVersion = withdrawal.Version;
            var alert = row.GroupedInto is { } joined ? alerts[joined] : row;
            if (alert.Leave(withdrawal.EncounterId, withdrawal.Reason, now) is not { } news)
                continue;
            left.Add((alert, withdrawal.EncounterId));
            entries.Add(
                news is AlertNews.Withdrawn
                    ? AlertEntry.Of(alert, AlertEventType.Withdrawn, now, note: alert.WithdrawalReason.ToString())
                    : AlertEntry.Of(alert, AlertEventType.Amended, now, note: alert.Change)
            );
        }
        if (left is [])
            return;

        var withdrawn = left.Select(pair => pair.Alert)
            .Distinct()
            .Where(alert => alert.State is AlertState.Withdrawn)
            .ToList();
        var amended = left.Select(pair => pair.Alert).Distinct().Except(withdrawn).ToList();
        var ledger = await db.LedgerAsync(
            sealer,
            amended.SelectMany(alert => alert.AllPlans().Select(plan => (alert.CouncilCode, plan))),
            cancellationToken
        );
        foreach (var (alert, encounterId) in left)
            ledger.Remove(alert.CouncilCode, encounterId);
        await db.SaveAsync(sealer, ledger, cancellationToken);
        var rules = await db.RulesInForceAsync(amended.Select(alert => alert.CouncilCode), cancellationToken);
        foreach (var alert in amended)
            AssessAlert.Lower(alert, ledger, rules[alert.CouncilCode]);

        entries.AddRange(await db.CancelWaitingAsync(withdrawn, now, cancellationToken));
        entries.AddRange(await db.StopEscalationAsync(withdrawn, "Withdrawn", now, cancellationToken));
        await db.InsertAsync(entries, cancellationToken);
        await deliveries.DeliverWithdrawalAsync(db, withdrawn, now, cancellationToken);
        await deliveries.DeliverAsync(
            db,
            amended,
            await db.RotasAsync(amended.Select(alert => alert.CouncilCode), cancellationToken),
            now,
            cancellationToken
        );
        foreach (var alert in withdrawn.Concat(amended))
            AlertMetrics.Notified(alert);
    }
}
