using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Safeguarding.Hosting.Access;
using Safeguarding.Hosting.Privacy;
using Safeguarding.Notification.Storage;

namespace Safeguarding.Notification.Api.Subscriptions;

/// <summary>A council's subscriptions, with how their endpoints are doing.</summary>
internal static class ListSubscriptions
{
    internal static async Task<Ok<List<SubscriptionView>>> Handle(
        Caller caller,
        NotificationDb db,
        Sealer sealer,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        var now = clock.GetUtcNow();
        var subscriptions = await db
            .Subscriptions.Where(subscription => subscription.CouncilCode == caller.Organisation)
            .OrderBy(subscription => subscription.Name)
            .ToListAsync(cancellationToken);
        List<SubscriptionView> views = [];
        foreach (var subscription in subscriptions)
        {
            var standing = await EndpointStatus.OfAsync(db, subscription.Id, cancellationToken);
            views.Add(SubscriptionView.Of(subscription, sealer, now, standing: standing));
        }

        return TypedResults.Ok(views);
    }
}
