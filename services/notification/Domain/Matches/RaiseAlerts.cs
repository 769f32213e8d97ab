using Safeguarding.Contracts.Encounters;
using Safeguarding.Contracts.Matches;
using Safeguarding.Notification.Domain.Alerts;
using Safeguarding.Notification.Domain.Escalation;
using Safeguarding.Notification.Domain.Grouping;

namespace Safeguarding.Notification.Domain.Matches;

/// <summary>
/// Decides what matches make of alerts: the first of an (encounter, council) raises one, or joins the child's open
/// alert where the council groups; a newer one amends what there is. Changes the alerts and the ledger that it is
/// given, and nothing else.
/// </summary>
internal sealed class RaiseAlerts
{
    private readonly AlertFacts _known;
    private readonly DateTimeOffset _now;
    private readonly List<Alert> _made = [];
    private readonly Dictionary<Guid, (bool WasOpen, long AttendedVersion)> _before;

    private RaiseAlerts(AlertFacts known, DateTimeOffset now)
    {
        (_known, _now) = (known, now);
        _before = known.Alerts.ToDictionary(
            alert => alert.Key,
            alert => (alert.Value is { IsRaised: true, IsOpen: true }, alert.Value.AttendedVersion)
        );
    }

    /// <summary>One match for each (encounter, council), the oldest attendance first.</summary>
    public static List<IncomingMatch> Newest(IEnumerable<IncomingMatch> batch) =>
        [
            .. batch
                .GroupBy(incoming => (incoming.Match.EncounterId, incoming.Match.CouncilCode))
                .Select(versions => versions.MaxBy(incoming => incoming.Match.Version)!)
                .OrderBy(incoming => incoming.Match.StartedAt ?? incoming.Match.ReceivedAt),
        ];

    /// <param name="newest">From <see cref="Newest"/>.</param>
    /// <param name="known">What is known of their alerts.</param>
    /// <param name="rotas">By council: when an alert that nobody acknowledges is overdue.</param>
    /// <param name="now">The time of the decision.</param>
    public static RaisedAlerts Decide(
        IReadOnlyList<IncomingMatch> newest,
        AlertFacts known,
        IReadOnlyDictionary<string, DutyRota> rotas,
        DateTimeOffset now
    )
    {
        var raise = new RaiseAlerts(known, now);
        HashSet<Alert> notified = [],
            risen = [];
        List<AlertEntry> entries = [];
        foreach (var incoming in newest)
        {
            var (match, rules) = (incoming.Match, known.Rules[incoming.Match.CouncilCode]);
            var (alert, news) = known.RowOf(match.EncounterId, match.CouncilCode) is { } row
                ? raise.Again(row, incoming, rules.Rules)
                : raise.First(incoming, rules.Rules);
            if (alert is null)
                continue;

            if (raise.Assess(alert, incoming, rules) && alert.IsOpen && !raise.HasOpened(alert))
            {
                risen.Add(alert);
                news ??= alert.Rise();
            }
            if (news is null)
                continue;
            entries.Add(
                AlertEntry.Of(
                    alert,
                    news is AlertNews.Raised ? AlertEventType.Raised : AlertEventType.Amended,
                    now,
                    note: alert.Change
                )
            );
            notified.Add(alert);
        }

        var opened = notified.Where(raise.HasOpened).ToList();
        risen.ExceptWith(opened);
        foreach (var alert in opened.Concat(risen))
            alert.ExpectAnswer(rotas[alert.CouncilCode].Document.Get(alert.Grade).OverdueAfter);
        return new RaisedAlerts(raise._made, entries, [.. notified], opened, [.. risen])
        {
            Pressing = notified.Where(alert => raise.HasOpened(alert) || raise.IsAttended(alert)).ToHashSet(),
        };
    }

    // A contact of the police is no attendance: it joins no other alert, and none joins it.
    private bool Assess(Alert alert, IncomingMatch incoming, RulesInForce rules)
    {
        if (incoming.Place?.Contact is { } contact)
            return AssessAlert.Raise(alert, contact);
        _known.Ledger.Put(incoming.Match, incoming.Place, alert.Id);
        return AssessAlert.Raise(alert, incoming.Match, _known.Ledger, rules);
    }

    private bool HasOpened(Alert alert) => alert.IsOpen && !_before.GetValueOrDefault(alert.Id).WasOpen;

    private bool IsAttended(Alert alert) => alert.AttendedVersion > _before.GetValueOrDefault(alert.Id).AttendedVersion;

    private (Alert?, AlertNews?) First(IncomingMatch incoming, AlertRules rules)
    {
        var match = incoming.Match;
        if (incoming.Place?.Contact is null && FindLead.Get(match, _known.Ledger, rules, _known.Alerts) is { } lead)
        {
            _made.Add(Alert.Joined(match, lead, _now));
            return (lead, lead.Join(match, incoming.TraceParent, _now, untold: _made.Contains(lead)));
        }
        var alert = Alert.Raise(match, incoming.TraceParent, _now);
        _made.Add(alert);
        _known.Alerts.Add(alert.Id, alert);
        return (alert, AlertNews.Raised);
    }

    private (Alert?, AlertNews?) Again(Alert row, IncomingMatch incoming, AlertRules rules)
    {
        var match = incoming.Match;
        if (match.Version <= row.MatchVersion)
            return default;
        row.MatchVersion = match.Version;
        var alert = _known.AlertOf(row);
        if (alert.AttendanceOf(match.EncounterId) is not null)
            return (alert, alert.Take(match, incoming.PlaceChanged, incoming.TraceParent, _now));
        // It was withdrawn before. It returns to its alert where that may still be joined; otherwise it is raised
        // for itself.
        if (alert.State is AlertState.Withdrawn || !FindLead.MayJoin(alert, rules))
            return (row, row.RaiseAgain(match, incoming.TraceParent, _now));
        return (alert, alert.Join(match, incoming.TraceParent, _now));
    }
}

/// <summary>A match as it came, and what the hub can read of it.</summary>
/// <param name="Match">The event.</param>
/// <param name="TraceParent">W3C trace context of the event.</param>
internal sealed record IncomingMatch(EncounterMatched Match, string? TraceParent)
{
    /// <summary>Where; null where the hub cannot read it.</summary>
    public Place? Place { get; init; }

    /// <summary>It is another place than the alert has now.</summary>
    public bool PlaceChanged { get; init; }
}

/// <summary>What is to be written.</summary>
/// <param name="Made">Rows that are new.</param>
/// <param name="Entries">Lines of history.</param>
/// <param name="Notified">Alerts with a version that their councils are to receive.</param>
/// <param name="Opened">Those of them that were raised or reopened: their steps begin.</param>
/// <param name="Risen">Open ones whose grade has risen: their steps are those of the higher grade from now on.</param>
internal sealed record RaisedAlerts(
    IReadOnlyList<Alert> Made,
    IReadOnlyList<AlertEntry> Entries,
    IReadOnlyList<Alert> Notified,
    IReadOnlyList<Alert> Opened,
    IReadOnlyList<Alert> Risen
)
{
    /// <summary>
    /// Those that were opened or have a further attendance: one that joins an open alert at night is as new to the
    /// emergency duty team as one that opens it.
    /// </summary>
    public required IReadOnlySet<Alert> Pressing { get; init; }
}

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

    /// <summary>The alert that a row's encounter is in.</summary>
    public Alert AlertOf(Alert row) => row.GroupedInto is { } joined ? Alerts[joined] : row;
}
