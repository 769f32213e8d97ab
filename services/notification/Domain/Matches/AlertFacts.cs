using Safeguarding.Notification.Domain.Alerts;
using Safeguarding.Notification.Domain.Grouping;

namespace Safeguarding.Notification.Domain.Matches;

/// <summary>What is known of a batch's alerts when it is decided; held until the transaction ends.</summary>
internal sealed class AlertFacts
{
    private readonly Dictionary<(Guid EncounterId, string CouncilCode), Alert> _rows;

    /// <param name="alerts">The rows of the batch's encounters, the alerts they joined and those they may join, by
    /// id.</param>
    /// <param name="ledger">The attendances of the children.</param>
    /// <param name="rules">By council.</param>
    public AlertFacts(Dictionary<Guid, Alert> alerts, Ledger ledger, IReadOnlyDictionary<string, RulesInForce> rules)
    {
        (Alerts, Ledger, Rules) = (alerts, ledger, rules);
        _rows = alerts.Values.ToDictionary(alert => (alert.EncounterId, alert.CouncilCode));
    }

    public Dictionary<Guid, Alert> Alerts { get; }

    public Ledger Ledger { get; }

    public IReadOnlyDictionary<string, RulesInForce> Rules { get; }

    /// <summary>The row of an encounter; null where there is none yet.</summary>
    public Alert? RowOf(Guid encounterId, string councilCode) => _rows.GetValueOrDefault((encounterId, councilCode));

    /// <summary>The alert that tells of a row's encounter.</summary>
    public Alert AlertOf(Alert row) => row.GroupedInto is { } joined ? Alerts[joined] : row;
}
