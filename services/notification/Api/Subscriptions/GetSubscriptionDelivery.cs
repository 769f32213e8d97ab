using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Safeguarding.Hosting.Access;
using Safeguarding.Notification.Storage;

namespace Safeguarding.Notification.Api.Subscriptions;

/// <summary>One delivery with every attempt at it, of which the newest 1000 are shown.</summary>
internal static class GetSubscriptionDelivery
{
    private const int MostAttempts = 1000;

    internal static async Task<Results<Ok<SubscriptionDelivery>, ProblemHttpResult>> Handle(
        string id,
        Guid delivery,
        Caller caller,
        NotificationDb db,
        CancellationToken cancellationToken
    )
    {
        if (await db.FindAsync(caller.Organisation, id, cancellationToken) is not { } subscription)
            return Refusal.NotFound();
        var found = await db
            .Deliveries.AsNoTracking()
            .Where(row => row.Id == delivery && row.SubscriptionId == subscription.Id)
            .ToListAsync(cancellationToken);
        return found is []
            ? Refusal.NotFound()
            : TypedResults.Ok((await SubscriptionDelivery.OfAsync(db, found, MostAttempts, cancellationToken))[0]);
    }
}
