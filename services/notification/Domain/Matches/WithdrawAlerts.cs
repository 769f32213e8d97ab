using Safeguarding.Contracts.Matches;
using Safeguarding.Notification.Domain.Alerts;
using Safeguarding.Notification.Domain.Grouping;

namespace Safeguarding.Notification.Domain.Matches;

/// <summary>
/// Decides what withdrawn matches make of alerts: an alert that has nothing else is withdrawn, one that does is
/// amended, and a withdrawal that overtakes its match is remembered. Changes the alerts and the ledger that it is
/// given, and nothing else.
/// </summary>
internal static class WithdrawAlerts
{
    /// <summary>One withdrawal for each (encounter, council).</summary>
    public static List<MatchWithdrawn> Newest(IEnumerable<MatchWithdrawn> batch) =>
        [
            .. batch
                .GroupBy(withdrawal => (withdrawal.EncounterId, withdrawal.CouncilCode))
                .Select(versions => versions.MaxBy(withdrawal => withdrawal.Version)!),
        ];

    /// <param name="newest">From <see cref="Newest"/>.</param>
    /// <param name="known">What is known of their alerts.</param>
    /// <param name="now">The time of the decision.</param>
    public static WithdrawnAlerts Decide(IReadOnlyList<MatchWithdrawn> newest, AlertFacts known, DateTimeOffset now)
    {
        List<Alert> made = [];
        HashSet<Alert> changed = [];
        List<AlertEntry> entries = [];
        foreach (var withdrawal in newest)
        {
            if (known.RowOf(withdrawal.EncounterId, withdrawal.CouncilCode) is not { } row)
            {
                made.Add(Alert.NeverRaised(withdrawal, now));
                continue;
            }
            if (withdrawal.Version <= row.MatchVersion)
                continue;
            row.MatchVersion = withdrawal.Version;
            var alert = known.AlertOf(row);
            if (alert.Leave(withdrawal.EncounterId, withdrawal.Reason, now) is not { } news)
                continue;
            changed.Add(alert);
            known.Ledger.Remove(alert.CouncilCode, withdrawal.EncounterId);
            entries.Add(
                news is AlertNews.Withdrawn
                    ? AlertEntry.Of(alert, AlertEventType.Withdrawn, now, note: alert.WithdrawalReason.ToString())
                    : AlertEntry.Of(alert, AlertEventType.Amended, now, note: alert.Change)
            );
        }

        var (withdrawn, amended) = (
            changed.Where(alert => alert.State is AlertState.Withdrawn).ToList(),
            changed.Where(alert => alert.State is not AlertState.Withdrawn).ToList()
        );
        foreach (var alert in amended)
            AssessAlert.Lower(alert, known.Ledger, known.Rules[alert.CouncilCode]);
        return new WithdrawnAlerts(made, entries, withdrawn, amended);
    }
}

/// <summary>What is to be written.</summary>
/// <param name="Made">Rows that are new, and never raised.</param>
/// <param name="Entries">Lines of history.</param>
/// <param name="Withdrawn">Alerts that are withdrawn: whoever may have received one is notified.</param>
/// <param name="Amended">Alerts that have an attendance less.</param>
internal sealed record WithdrawnAlerts(
    IReadOnlyList<Alert> Made,
    IReadOnlyList<AlertEntry> Entries,
    IReadOnlyList<Alert> Withdrawn,
    IReadOnlyList<Alert> Amended
);
