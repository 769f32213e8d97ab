using Microsoft.AspNetCore.Http.HttpResults;
using Safeguarding.Hosting.Access;
using Safeguarding.Hosting.Privacy;
using Safeguarding.Notification.Storage;

namespace Safeguarding.Notification.Api.Subscriptions;

/// <summary>One subscription, with how its endpoint is doing.</summary>
internal static class GetSubscription
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

        var standing = await EndpointStatus.OfAsync(db, subscription.Id, cancellationToken);
        return TypedResults.Ok(SubscriptionView.Of(subscription, sealer, clock.GetUtcNow(), standing: standing));
    }
}
