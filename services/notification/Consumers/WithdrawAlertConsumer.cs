using Safeguarding.Contracts.Matches;
using Safeguarding.Hosting.Privacy;
using Safeguarding.Messaging;
using Safeguarding.Notification.Delivery;
using Safeguarding.Notification.Domain;
using Safeguarding.Notification.Domain.Alerts;
using Safeguarding.Notification.Domain.Grouping;
using Safeguarding.Notification.Domain.Matches;
using Safeguarding.Notification.Storage;

namespace Safeguarding.Notification.Consumers;

/// <summary>
/// Takes alerts back, as <see cref="WithdrawAlerts"/> decides: what was not tried yet is never sent, and whoever may
/// have received an alert is notified of the withdrawal.
/// </summary>
public sealed class WithdrawAlertConsumer(
    NotificationDb db,
    NewDeliveries deliveries,
    Sealer sealer,
    TimeProvider clock
) : IConsumer<MatchWithdrawn>
{
    /// <inheritdoc/>
    public async Task Consume(IReadOnlyList<Received<MatchWithdrawn>> batch, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow().AsStored();
        var newest = WithdrawAlerts.Newest(batch.Select(received => received.Event));
        var known = await GatherAsync(newest, cancellationToken);
        await WriteAsync(WithdrawAlerts.Decide(newest, known, now), known.Ledger, now, cancellationToken);
    }

    private async Task<AlertFacts> GatherAsync(List<MatchWithdrawn> newest, CancellationToken cancellationToken)
    {
        // Locked before anything is inserted, as raising does: so the two never wait for each other in a circle.
        var alerts = await db.LockAsync(
            newest.ConvertAll(withdrawal => (withdrawal.EncounterId, withdrawal.CouncilCode)),
            [],
            cancellationToken
        );
        if (alerts.Count == 0)
            return new AlertFacts(alerts, new Ledger([]), new Dictionary<string, RulesInForce>());
        var ledger = await db.LedgerAsync(
            sealer,
            alerts.Values.SelectMany(alert => alert.AllPlans().Select(plan => (alert.CouncilCode, plan))),
            cancellationToken
        );
        var rules = await db.RulesInForceAsync(alerts.Values.Select(alert => alert.CouncilCode), cancellationToken);
        return new AlertFacts(alerts, ledger, rules);
    }

    private async Task WriteAsync(
        WithdrawnAlerts decided,
        Ledger ledger,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        await db.InsertAllNewAsync(decided.Made, cancellationToken);
        if (decided.Entries is [])
            return;

        await db.SaveAsync(sealer, ledger, cancellationToken);
        await db.InsertAsync(
            [
                .. decided.Entries,
                .. await db.CancelWaitingAsync(decided.Withdrawn, now, cancellationToken),
                .. await db.StopEscalationAsync(decided.Withdrawn, "Withdrawn", now, cancellationToken),
            ],
            cancellationToken
        );
        await deliveries.DeliverWithdrawalAsync(db, decided.Withdrawn, now, cancellationToken);
        await deliveries.DeliverAsync(
            db,
            decided.Amended,
            new HashSet<Alert>(),
            await db.RotasAsync(decided.Amended.Select(alert => alert.CouncilCode), cancellationToken),
            now,
            cancellationToken
        );
        foreach (var alert in decided.Withdrawn.Concat(decided.Amended))
            AlertMetrics.Notified(alert);
    }
}
