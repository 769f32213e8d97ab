using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Safeguarding.Contracts;
using Safeguarding.Contracts.Encounters;
using Safeguarding.Contracts.Matches;
using Safeguarding.Hosting.Messaging;
using Safeguarding.Hosting.Privacy;
using Safeguarding.Notification.Deliveries;
using Safeguarding.Notification.Storage;

namespace Safeguarding.Notification.Alerts;

/// <summary>Raises the alert of an (encounter, council), or amends the one there is.</summary>
public sealed class RaiseAlertConsumer(NotificationDb db, NewDeliveries deliveries, Sealer sealer, TimeProvider clock) : IConsumer<EncounterMatched>
{
    public async Task Consume(IReadOnlyList<Received<EncounterMatched>> batch, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow().AsStored();
        var newest = batch
            .GroupBy(received => (received.Event.EncounterId, received.Event.CouncilCode))
            .Select(versions => versions.MaxBy(received => received.Event.Version)!)
            .ToList();
        var raised = newest.ConvertAll(received => Alert.Raise(received.Event, TraceParent(received.Trace), now));
        var inserted = await db.InsertNewAsync(raised, cancellationToken);
        var told = raised.FindAll(alert => inserted.Contains(alert.Id));
        var entries = told.ConvertAll(alert => AlertEntry.Of(alert, AlertDeed.Raised, now));

        if (inserted.Count < newest.Count)
        {
            var known = newest.Where((_, i) => !inserted.Contains(raised[i].Id)).ToList();
            told.AddRange(await AmendAsync(known, entries, now, cancellationToken));
        }

        await db.InsertAsync(entries, cancellationToken);
        await deliveries.DeliverAsync(db, told, now, cancellationToken);
        foreach (var alert in told) DeliveryMetrics.Told(alert);
    }

    private async Task<List<Alert>> AmendAsync(
        List<Received<EncounterMatched>> matches, List<AlertEntry> entries, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var alerts = await db.LockAsync([.. matches.Select(received => (received.Event.EncounterId, received.Event.CouncilCode))], cancellationToken);
        List<Alert> told = [];
        foreach (var (_, _, match, trace) in matches)
        {
            var alert = alerts[(match.EncounterId, match.CouncilCode)];
            var placeChanged = alert.Place is { } place && sealer.Open(place) != sealer.Open(match.Place);
            if (alert.Take(match, placeChanged, TraceParent(trace), now) is not { } news) continue;

            entries.Add(AlertEntry.Of(alert, news is AlertNews.Raised ? AlertDeed.Raised : AlertDeed.Amended, now, note: alert.Change));
            told.Add(alert);
        }
        return told;
    }

    private static string? TraceParent(ActivityContext trace) =>
        trace.TraceId == default ? null : $"00-{trace.TraceId}-{trace.SpanId}-{(trace.TraceFlags.HasFlag(ActivityTraceFlags.Recorded) ? "01" : "00")}";
}
