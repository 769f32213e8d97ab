using Safeguarding.Contracts.Matches;
using Safeguarding.Hosting.Privacy;
using Safeguarding.Messaging;
using Safeguarding.Notification.Delivery;
using Safeguarding.Notification.Domain;
using Safeguarding.Notification.Domain.Alerts;
using Safeguarding.Notification.Domain.Escalation;
using Safeguarding.Notification.Domain.Grouping;
using Safeguarding.Notification.Domain.Matches;
using Safeguarding.Notification.Storage;

namespace Safeguarding.Notification.Consumers;

/// <summary>
/// Raises and amends alerts: gathers what is known under locks, lets <see cref="RaiseAlerts"/> decide, and writes what
/// it decided with the deliveries that follow.
/// </summary>
public sealed class RaiseAlertConsumer(NotificationDb db, NewDeliveries deliveries, Sealer sealer, TimeProvider clock)
    : IConsumer<EncounterMatched>
{
    /// <inheritdoc/>
    public async Task Consume(IReadOnlyList<Received<EncounterMatched>> batch, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow().AsStored();
        var newest = RaiseAlerts.Newest(
            batch.Select(received => new IncomingMatch(
                received.Event with
                {
                    Place = sealer.Keep(received.Event.Place),
                },
                TraceParent.Of(received.Trace)
            ))
        );
        var rotas = await db.RotasAsync(newest.Select(incoming => incoming.Match.CouncilCode), cancellationToken);
        var known = await GatherAsync(newest, cancellationToken);
        var raised = RaiseAlerts.Decide(newest.ConvertAll(incoming => WithPlace(incoming, known)), known, rotas, now);
        await WriteAsync(raised, known.Ledger, rotas, now, cancellationToken);
    }

    private async Task<AlertFacts> GatherAsync(List<IncomingMatch> newest, CancellationToken cancellationToken)
    {
        var matches = newest.ConvertAll(incoming => incoming.Match);
        var rules = await db.RulesInForceAsync(matches.Select(match => match.CouncilCode), cancellationToken);
        var ledger = await db.HoldLedgerAsync(
            sealer,
            matches.SelectMany(match => match.Plans.Select(plan => (match.CouncilCode, plan))),
            cancellationToken
        );
        var alerts = await db.LockAsync(
            matches.ConvertAll(match => (match.EncounterId, match.CouncilCode)),
            matches.SelectMany(match => FindLead.Candidates(match, ledger, rules[match.CouncilCode].Rules)),
            cancellationToken
        );
        return new AlertFacts(alerts, ledger, rules);
    }

    private async Task WriteAsync(
        RaisedAlerts raised,
        Ledger ledger,
        IReadOnlyDictionary<string, DutyRota> rotas,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        await db.InsertAllNewAsync(raised.Made, cancellationToken);
        await db.SaveAsync(sealer, ledger, cancellationToken);
        await db.InsertAsync(raised.Entries, cancellationToken);
        await db.RescheduleAsync(raised.Risen, rotas, now, cancellationToken);
        await db.ScheduleAsync(raised.Opened, rotas, cancellationToken);
        await deliveries.DeliverAsync(db, raised.Notified, raised.Pressing, rotas, now, cancellationToken);
        foreach (var alert in raised.Notified)
            AlertMetrics.Notified(alert);
    }

    private IncomingMatch WithPlace(IncomingMatch incoming, AlertFacts known)
    {
        var match = incoming.Match;
        var place = sealer.PlaceIn(match.Place, match.CouncilCode);
        var before = known.RowOf(match.EncounterId, match.CouncilCode) is { } row
            ? known.AlertOf(row).AttendanceOf(match.EncounterId)?.SealedPlace()
            : null;
        return incoming with
        {
            Place = place,
            PlaceChanged = before is not null && sealer.PlaceIn(before, match.CouncilCode) != place,
        };
    }
}
