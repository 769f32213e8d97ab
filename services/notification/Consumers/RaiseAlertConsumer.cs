using System.Diagnostics;
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
/// Raises the alert of an (encounter, council), lets the encounter join the child's open alert where the
/// council groups, or amends what there is.
/// </summary>
public sealed class RaiseAlertConsumer(NotificationDb db, NewDeliveries deliveries, Sealer sealer, TimeProvider clock)
    : IConsumer<EncounterMatched>
{
    public async Task Consume(IReadOnlyList<Received<EncounterMatched>> batch, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow().AsStored();
        var newest = batch
            .GroupBy(received => (received.Event.EncounterId, received.Event.CouncilCode))
            .Select(versions => versions.MaxBy(received => received.Event.Version)!)
            .OrderBy(received => received.Event.StartedAt ?? received.Event.ReceivedAt)
            .ToList();
        var councils = newest.ConvertAll(received => received.Event.CouncilCode);
        var rotas = await db.RotasAsync(councils, cancellationToken);
        var rules = await db.RulesInForceAsync(councils, cancellationToken);
        var ledger = await db.HoldLedgerAsync(
            sealer,
            newest.SelectMany(received => received.Event.Plans.Select(plan => (received.Event.CouncilCode, plan))),
            cancellationToken
        );
        var alerts = await db.LockAsync(
            newest.ConvertAll(received => (received.Event.EncounterId, received.Event.CouncilCode)),
            newest.SelectMany(received =>
                FindLead.Candidates(received.Event, ledger, rules[received.Event.CouncilCode].Rules)
            ),
            cancellationToken
        );
        var rows = alerts.Values.ToDictionary(alert => (alert.EncounterId, alert.CouncilCode));

        List<Alert> made = [],
            told = [],
            risen = [];
        List<AlertEntry> entries = [];
        foreach (var (_, _, match, trace) in newest)
        {
            var (law, parent) = (rules[match.CouncilCode], TraceParent(trace));
            var (alert, news) = rows.TryGetValue((match.EncounterId, match.CouncilCode), out var row)
                ? Again(row, match, law.Rules, parent)
                : First(match, law.Rules, parent);
            if (alert is null)
                continue;

            var place = sealer.PlaceIn(match.Place, match.CouncilCode);
            ledger.Put(match, place, alert.Id);
            if (AssessAlert.Raise(alert, match, ledger, law) && alert.IsOpen && !alert.JustOpened)
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
            told.Add(alert);
        }

        told = [.. told.Distinct()];
        var opened = told.FindAll(alert => alert.JustOpened);
        foreach (var alert in opened.Concat(risen))
            alert.ExpectAnswer(rotas[alert.CouncilCode].Document.Of(alert.Grade).OverdueAfter);
        // A withdrawal may have been first in this very moment. Its row is there when this batch is tried again.
        if ((await db.InsertNewAsync(made, cancellationToken)).Count < made.Count)
            throw new InvalidOperationException("An alert of this batch was made meanwhile.");
        await db.SaveAsync(sealer, ledger, cancellationToken);
        await db.InsertAsync(entries, cancellationToken);
        await db.RescheduleAsync([.. risen.Distinct().Except(opened)], rotas, now, cancellationToken);
        await db.ScheduleAsync(opened, rotas, cancellationToken);
        await deliveries.DeliverAsync(db, told, rotas, now, cancellationToken);
        foreach (var alert in told)
            AlertMetrics.Notified(alert);

        (Alert?, AlertNews?) First(EncounterMatched match, NoiseRules law, string? parent)
        {
            if (FindLead.Of(match, ledger, law, alerts) is { } lead)
            {
                made.Add(Alert.Joined(match, lead, now));
                return (lead, lead.Join(match, parent, now, untold: made.Contains(lead)));
            }
            var alert = Alert.Raise(match, parent, now);
            made.Add(alert);
            alerts.Add(alert.Id, alert);
            return (alert, AlertNews.Raised);
        }

        (Alert?, AlertNews?) Again(Alert row, EncounterMatched match, NoiseRules law, string? parent)
        {
            if (match.Version <= row.MatchVersion)
                return default;
            row.MatchVersion = match.Version;
            var alert = row.GroupedInto is { } joined ? alerts[joined] : row;
            if (alert.AttendanceOf(match.EncounterId) is { } attendance)
            {
                var changed =
                    attendance.SealedPlace() is { } place
                    && sealer.PlaceIn(place, match.CouncilCode) != sealer.PlaceIn(match.Place, match.CouncilCode);
                return (alert, alert.Take(match, changed, parent, now));
            }
            // It was taken back before. It returns to its alert where that may still be joined; otherwise it is raised
            // for itself.
            if (alert.State is AlertState.Withdrawn || !FindLead.MayJoin(alert, law))
                return (row, row.RaiseAgain(match, parent, now));
            return (alert, alert.Join(match, parent, now));
        }
    }

    private static string? TraceParent(ActivityContext trace) =>
        trace.TraceId == default
            ? null
            : $"00-{trace.TraceId}-{trace.SpanId}-{(trace.TraceFlags.HasFlag(ActivityTraceFlags.Recorded) ? "01" : "00")}";
}
