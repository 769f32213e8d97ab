using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Safeguarding.Hosting.Access;
using Safeguarding.Notification.Delivery;
using Safeguarding.Notification.Domain.Alerts;
using Safeguarding.Notification.Domain.Deliveries;
using Safeguarding.Notification.Storage;

namespace Safeguarding.Notification.Api.Subscriptions;

/// <summary>
/// The council has fixed its endpoint and wants what was parked for it: bounded, with a dry run, and each
/// line in the alert's history.
/// </summary>
internal static class ReplayParked
{
    private const int MostAtOnce = 1000;

    internal static async Task<Results<Ok<Replay>, ProblemHttpResult>> Handle(
        string id,
        ReplayParkedRequest request,
        Caller caller,
        NotificationDb db,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        if (request.Since is not { } since)
        {
            return Refusal.Problem(
                StatusCodes.Status400BadRequest,
                "since-missing",
                "since must say from when on parked deliveries are wanted.",
                new FieldError("since", "a time")
            );
        }

        if (request.Max is < 1 or > MostAtOnce)
        {
            return Refusal.Problem(
                StatusCodes.Status400BadRequest,
                "max-out-of-range",
                "max must be 1 to 1000.",
                new FieldError("max", "1 to 1000")
            );
        }

        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (await db.FindAsync(caller.Organisation, id, cancellationToken) is not { } subscription)
            return Refusal.NotFound();

        // What the endpoint has since been sent in a newer version is not sent again in an older one.
        var parked = await db
            .Deliveries.Where(delivery =>
                delivery.SubscriptionId == subscription.Id
                && delivery.State == DeliveryState.Parked
                && delivery.CreatedAt >= since
            )
            .Where(delivery =>
                !db.Deliveries.Any(later =>
                    later.SubscriptionId == delivery.SubscriptionId
                    && later.AlertId == delivery.AlertId
                    && later.AlertVersion > delivery.AlertVersion
                    && later.State == DeliveryState.Delivered
                )
            )
            .OrderBy(delivery => delivery.CreatedAt)
            .ThenBy(delivery => delivery.AlertVersion)
            .Take(request.Max ?? MostAtOnce)
            .ToListAsync(cancellationToken);
        if (request.DryRun is true)
            return TypedResults.Ok(new Replay(parked.Count, DryRun: true));

        var (now, actor) = (clock.GetUtcNow(), CallingActor.Of(caller));
        foreach (var delivery in parked)
        {
            (delivery.State, delivery.NextAttemptAt, delivery.EndedAt) = (DeliveryState.Waiting, now, null);
            if (delivery.AlertId is not { } alertId)
                continue;
            db.Add(
                new AlertEntry
                {
                    Id = Guid.CreateVersion7(now),
                    AlertId = alertId,
                    At = now,
                    EventType = AlertEventType.DeliveryReplayed,
                    Version = delivery.AlertVersion,
                    ByKind = actor.Kind,
                    By = actor.Name,
                    Subscription = id,
                }
            );
        }
        db.Audit(caller, "subscription.replay", subscription.Id);
        await db.SaveChangesAsync(cancellationToken);
        await db.ResetEndpointAsync(subscription.Id, now, cancellationToken);
        await transaction.CommitAsync(CancellationToken.None);
        return TypedResults.Ok(new Replay(parked.Count, DryRun: false));
    }

    /// <param name="Deliveries">How many are, or would be, sent again.</param>
    /// <param name="DryRun">Whether nothing was changed.</param>
    internal sealed record Replay(int Deliveries, bool DryRun);
}

/// <param name="Since">Only deliveries made since then.</param>
/// <param name="Max">How many at most; 1000 where not given.</param>
/// <param name="DryRun">True counts and changes nothing.</param>
internal sealed record ReplayParkedRequest(DateTimeOffset? Since, int? Max, bool? DryRun);
