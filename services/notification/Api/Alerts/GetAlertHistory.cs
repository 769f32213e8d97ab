using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Safeguarding.Hosting;
using Safeguarding.Hosting.Access;
using Safeguarding.Notification.Domain;
using Safeguarding.Notification.Domain.Alerts;
using Safeguarding.Notification.Domain.Deliveries;
using Safeguarding.Notification.Storage;

namespace Safeguarding.Notification.Api.Alerts;

/// <summary>Everything that happened to an alert, and every attempt at each of the council's endpoints.</summary>
internal static class GetAlertHistory
{
    private const int MostAttempts = 500;

    internal static async Task<Results<Ok<History>, ProblemHttpResult>> Handle(
        Guid id,
        Caller caller,
        NotificationDb db,
        HttpContext http,
        CancellationToken cancellationToken
    )
    {
        var alert = await db
            .Alerts.AsNoTracking()
            .SingleOrDefaultAsync(
                alert => alert.Id == id && alert.CouncilCode == caller.Organisation && alert.RaisedAt != null,
                cancellationToken
            );
        if (alert is null)
            return Refusal.NotFound();

        var entries = await db
            .AlertEntries.Where(entry => entry.AlertId == id)
            .OrderBy(entry => entry.Id)
            .Select(entry => new GetAlertHistoryEntry(
                entry.At,
                entry.EventType,
                entry.Version,
                entry.ByKind,
                entry.By,
                entry.Subscription,
                entry.Note
            ))
            .ToListAsync(cancellationToken);
        var attempts = await (
            from delivery in db.Deliveries
            join attempt in db.DeliveryAttempts on delivery.Id equals attempt.DeliveryId
            join subscription in db.Subscriptions on delivery.SubscriptionId equals subscription.Id into subscriptions
            from subscription in subscriptions.DefaultIfEmpty()
            where delivery.AlertId == id
            orderby attempt.Id descending
            select new AttemptView(
                subscription == null ? null : subscription.Name,
                delivery.AlertVersion,
                attempt.Number,
                attempt.Endpoint,
                attempt.At,
                attempt.DurationMs,
                attempt.Outcome,
                attempt.Status,
                attempt.NextAttemptAt
            )
        )
            .Take(MostAttempts)
            .ToListAsync(cancellationToken);
        db.Audit(caller, "alert.history.read", id);
        await db.SaveChangesAsync(cancellationToken);
        return TypedResults.Ok(
            alert.IsRestricted
                ? new History(
                    id,
                    entries.ConvertAll(entry => DayOnly(entry, caller.Scopes.Contains("alert.place"))),
                    attempts.ConvertAll(DayOnly)
                )
                : new History(id, entries, attempts)
        );
    }

    // Of a restricted child no time finer than the day, and not what changed. What the council's people wrote may say
    // where, and is for those who may know that.
    private static GetAlertHistoryEntry DayOnly(GetAlertHistoryEntry entry, bool mayReadPlace)
    {
        var isWritten = entry.EventType is AlertEventType.Noted or AlertEventType.HandedOver;
        return entry with { At = entry.At.DayOnly(), Note = mayReadPlace && isWritten ? entry.Note : null };
    }

    private static AttemptView DayOnly(AttemptView attempt) =>
        attempt with
        {
            At = attempt.At.DayOnly(),
            NextAttemptAt = attempt.NextAttemptAt?.DayOnly(),
        };

    /// <param name="AlertId">The alert.</param>
    /// <param name="Entries">Oldest first.</param>
    /// <param name="Attempts">The newest first, at most 500.</param>
    internal sealed record History(
        Guid AlertId,
        IReadOnlyList<GetAlertHistoryEntry> Entries,
        IReadOnlyList<AttemptView> Attempts
    );

    internal sealed record AttemptView(
        string? Subscription,
        long Version,
        int Number,
        string Endpoint,
        DateTimeOffset At,
        int DurationMs,
        AttemptOutcome Outcome,
        int? Status,
        DateTimeOffset? NextAttemptAt
    );
}

internal sealed record GetAlertHistoryEntry(
    DateTimeOffset At,
    [property: JsonPropertyName("deed")] AlertEventType EventType,
    long Version,
    ActorKind ByKind,
    string? By,
    string? Subscription,
    string? Note
);
