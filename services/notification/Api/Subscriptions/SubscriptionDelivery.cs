using Microsoft.EntityFrameworkCore;
using Safeguarding.Contracts.Alerts;
using Safeguarding.Hosting;
using Safeguarding.Notification.Domain;
using Safeguarding.Notification.Domain.Deliveries;
using Safeguarding.Notification.Storage;

namespace Safeguarding.Notification.Api.Subscriptions;

/// <summary>
/// One event on its way to one subscription, as its council sees it: ids, times and outcomes. Of a restricted child's
/// alert, and of a look-up, times are days.
/// </summary>
/// <param name="Id">For <c>resend</c>.</param>
/// <param name="WebhookId">The <c>webhook-id</c> of each attempt at it.</param>
/// <param name="EventId">The id of the event, the same on every channel; null for what is about no alert.</param>
/// <param name="EventType">Its type.</param>
/// <param name="AlertId">The alert that it is about.</param>
/// <param name="AlertVersion">Which version of it.</param>
/// <param name="State">waiting, delivered, parked or cancelled.</param>
/// <param name="CreatedAt">When the event was put on its way.</param>
/// <param name="NextAttemptAt">When it is due; null where it is not tried again.</param>
/// <param name="EndedAt">When it was delivered, parked or cancelled.</param>
/// <param name="Attempts">How often it was tried.</param>
/// <param name="LatestAttempts">The newest first; kept for 90 days.</param>
internal sealed record SubscriptionDelivery(
    Guid Id,
    string WebhookId,
    string? EventId,
    string EventType,
    Guid? AlertId,
    long? AlertVersion,
    DeliveryState State,
    DateTimeOffset CreatedAt,
    DateTimeOffset? NextAttemptAt,
    DateTimeOffset? EndedAt,
    int Attempts,
    IReadOnlyList<SubscriptionDelivery.Attempt> LatestAttempts
)
{
    /// <param name="Number">1 for the first.</param>
    /// <param name="Endpoint">Scheme, host and port; the channel where its address may be a person's.</param>
    /// <param name="At">When it began.</param>
    /// <param name="DurationMs">How long it took.</param>
    /// <param name="Outcome">How it ended.</param>
    /// <param name="Status">With which HTTP status, where there was one.</param>
    /// <param name="NextAttemptAt">When the next was due; null where there was none to be.</param>
    internal sealed record Attempt(
        int Number,
        string Endpoint,
        DateTimeOffset At,
        int DurationMs,
        AttemptOutcome Outcome,
        int? Status,
        DateTimeOffset? NextAttemptAt
    );

    /// <summary>These deliveries with the newest attempts at each.</summary>
    public static async Task<List<SubscriptionDelivery>> OfAsync(
        NotificationDb db,
        IReadOnlyList<EndpointDelivery> deliveries,
        int attemptsOfEach,
        CancellationToken cancellationToken
    )
    {
        var ids = deliveries.Select(delivery => delivery.Id).ToArray();
        var attempts = (
            await db
                .Deliveries.Where(delivery => ids.Contains(delivery.Id))
                .SelectMany(delivery =>
                    db.DeliveryAttempts.Where(attempt => attempt.DeliveryId == delivery.Id)
                        .OrderByDescending(attempt => attempt.Id)
                        .Take(attemptsOfEach)
                )
                .ToListAsync(cancellationToken)
        ).ToLookup(attempt => attempt.DeliveryId);
        var alertIds = deliveries.Select(delivery => delivery.AlertId).OfType<Guid>().ToArray();
        var restricted = (
            await db.Alerts.AsNoTracking().Where(alert => alertIds.Contains(alert.Id)).ToListAsync(cancellationToken)
        )
            .Where(alert => alert.IsRestricted)
            .Select(alert => (Guid?)alert.Id)
            .ToHashSet();
        return
        [
            .. deliveries.Select(delivery =>
                Of(
                    delivery,
                    attempts[delivery.Id].OrderByDescending(attempt => attempt.Id),
                    // A look-up's row does not say whether its child is restricted.
                    daysOnly: restricted.Contains(delivery.AlertId)
                        || delivery.EventType == AlertSignalTypes.PlanLookedUp
                )
            ),
        ];
    }

    private static SubscriptionDelivery Of(
        EndpointDelivery delivery,
        IEnumerable<DeliveryAttempt> attempts,
        bool daysOnly
    )
    {
        return new SubscriptionDelivery(
            delivery.Id,
            $"msg_{delivery.Id:N}",
            delivery.AlertId is { } alert ? $"{alert:N}-{delivery.AlertVersion}" : null,
            delivery.EventType,
            delivery.AlertId,
            delivery.AlertId is null ? null : delivery.AlertVersion,
            delivery.State,
            Shown(delivery.CreatedAt),
            delivery.State is DeliveryState.Waiting ? Shown(delivery.NextAttemptAt) : null,
            delivery.EndedAt is { } ended ? Shown(ended) : null,
            delivery.Attempts,
            [
                .. attempts.Select(attempt => new Attempt(
                    attempt.Number,
                    attempt.Endpoint,
                    Shown(attempt.At),
                    attempt.DurationMs,
                    attempt.Outcome,
                    attempt.Status,
                    attempt.NextAttemptAt is { } again ? Shown(again) : null
                )),
            ]
        );

        DateTimeOffset Shown(DateTimeOffset time) => daysOnly ? time.DayOnly() : time;
    }
}
