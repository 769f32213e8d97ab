using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Safeguarding.Hosting.Access;
using Safeguarding.Hosting.Privacy;
using Safeguarding.Notification.Domain.Deliveries;
using Safeguarding.Notification.Storage;

namespace Safeguarding.Notification.Api.Subscriptions;

/// <summary>One subscription, with how its endpoint is doing.</summary>
internal static class ReadSubscription
{
    internal static async Task<Results<Ok<SubscriptionView>, ProblemHttpResult>> Handle(
        string id,
        Caller caller,
        NotificationDb db,
        Sealer sealer,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        if (await db.FindAsync(caller.Organisation, id, cancellationToken) is not { } subscription)
            return Refusal.NotFound();

        var deliveries = db.Deliveries.Where(delivery => delivery.SubscriptionId == subscription.Id);
        var waiting = deliveries.Where(delivery => delivery.State == DeliveryState.Waiting);
        var last = await db
            .DeliveryAttempts.Where(attempt => attempt.SubscriptionId == subscription.Id)
            .OrderByDescending(attempt => attempt.Id)
            .FirstOrDefaultAsync(cancellationToken);
        var standing = new EndpointStanding(
            await waiting.CountAsync(cancellationToken),
            await waiting.MinAsync(delivery => (DateTimeOffset?)delivery.CreatedAt, cancellationToken),
            await deliveries.CountAsync(delivery => delivery.State == DeliveryState.Parked, cancellationToken),
            last?.At,
            last?.Outcome,
            last?.Status
        );
        return TypedResults.Ok(SubscriptionView.Of(subscription, sealer, clock.GetUtcNow(), standing: standing));
    }
}
