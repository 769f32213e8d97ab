using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Safeguarding.Hosting.Access;
using Safeguarding.Notification.Delivery;
using Safeguarding.Notification.Domain.Alerts;
using Safeguarding.Notification.Domain.Deliveries;
using Safeguarding.Notification.Storage;

namespace Safeguarding.Notification.Api.Subscriptions;

/// <summary>
/// The council wants one event once more: the same bytes under the same ids, now. What waits is only made due, so that
/// asking twice sends once.
/// </summary>
internal static class ResendDelivery
{
    internal static async Task<Results<Ok<SubscriptionDelivery>, ProblemHttpResult>> Handle(
        string id,
        Guid delivery,
        Caller caller,
        NotificationDb db,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (await db.FindAsync(caller.Organisation, id, cancellationToken) is not { } subscription)
            return Refusal.NotFound();
        var known = await db
            .Deliveries.AsNoTracking()
            .SingleOrDefaultAsync(
                row => row.Id == delivery && row.SubscriptionId == subscription.Id,
                cancellationToken
            );
        if (known is null)
            return Refusal.NotFound();

        // The alert before its delivery, as a withdrawal and the attempts' recorder lock them.
        if (known.AlertId is { } ofAlert)
            await db.LockAsync(ofAlert, caller.Organisation, cancellationToken);
        var row = (
            await db
                .Deliveries.FromSql($"SELECT * FROM notification.delivery WHERE id = {delivery} FOR UPDATE")
                .ToListAsync(cancellationToken)
        ).SingleOrDefault();
        if (row is null)
            return Refusal.NotFound();
        if (!subscription.Enabled)
            return Conflict("subscription-off", "The subscription is switched off. Set enabled to true first.");
        if (await WhyNotAsync(db, row, cancellationToken) is { } reason)
            return reason;

        var now = clock.GetUtcNow();
        if (row.State is not DeliveryState.Waiting && row.AlertId is { } alertId)
        {
            var actor = CallingActor.Of(caller);
            db.Add(
                new AlertEntry
                {
                    Id = Guid.CreateVersion7(now),
                    AlertId = alertId,
                    At = now,
                    EventType = AlertEventType.DeliveryReplayed,
                    Version = row.AlertVersion,
                    ByKind = actor.Kind,
                    By = actor.Name,
                    Subscription = id,
                }
            );
        }
        (row.State, row.NextAttemptAt, row.EndedAt) = (DeliveryState.Waiting, now, null);
        db.Audit(caller, "subscription.delivery.resend", row.Id);
        await db.SaveChangesAsync(cancellationToken);
        await db.ResetEndpointAsync(subscription.Id, now, cancellationToken);
        var view = (await SubscriptionDelivery.OfAsync(db, [row], attemptsOfEach: 10, cancellationToken))[0];
        await transaction.CommitAsync(CancellationToken.None);
        return TypedResults.Ok(view);
    }

    private static async Task<ProblemHttpResult?> WhyNotAsync(
        NotificationDb db,
        EndpointDelivery row,
        CancellationToken cancellationToken
    )
    {
        if (row.State is DeliveryState.Cancelled)
        {
            return Conflict(
                "delivery-cancelled",
                "The alert was withdrawn before this arrived: it must not be sent any more."
            );
        }

        if (row is { AlertId: null, EventType: EndpointDelivery.HandshakeType or EndpointDelivery.HeartbeatType })
        {
            return Conflict(
                "event-not-repeatable",
                "A handshake or heartbeat says how things are at its time. Send a test event instead."
            );
        }

        // What the endpoint has since been sent in a newer version is not sent again in an older one.
        var newer = await db
            .Deliveries.Where(later =>
                later.SubscriptionId == row.SubscriptionId
                && later.AlertId == row.AlertId
                && later.AlertVersion > row.AlertVersion
                && later.State != DeliveryState.Cancelled
            )
            .OrderByDescending(later => later.AlertVersion)
            .Select(later => new { later.Id, later.AlertVersion })
            .FirstOrDefaultAsync(cancellationToken);
        return row.AlertId is null || newer is null
            ? null
            : Conflict(
                "newer-version-sent",
                $"Version {newer.AlertVersion} of the alert has gone there since, as delivery {newer.Id}. Send that again."
            );
    }

    private static ProblemHttpResult Conflict(string code, string detail) =>
        Refusal.Problem(StatusCodes.Status409Conflict, code, detail);
}
