using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Safeguarding.Hosting.Access;
using Safeguarding.Notification.Deliveries;
using Safeguarding.Notification.Storage;

namespace Safeguarding.Notification.Subscriptions;

/// <summary>Ends a subscription: nothing more is sent there. The alerts stay in the feed.</summary>
internal static class DeleteSubscription
{
    internal static async Task<Results<NoContent, ProblemHttpResult>> Handle(
        string id, Caller caller, NotificationDb db, TimeProvider clock, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (await db.FindAsync(caller.Organisation, id, cancellationToken) is not { } subscription) return Refusal.NotFound();

        db.Remove(subscription);
        db.Audit(caller, "subscription.delete", subscription.Id);
        await db.SaveChangesAsync(cancellationToken);
        var now = clock.GetUtcNow();
        await db.Deliveries
            .Where(delivery => delivery.SubscriptionId == subscription.Id && delivery.State == DeliveryState.Waiting)
            .ExecuteUpdateAsync(delivery => delivery
                .SetProperty(row => row.State, DeliveryState.Cancelled)
                .SetProperty(row => row.EndedAt, now), cancellationToken);
        await transaction.CommitAsync(CancellationToken.None);
        return TypedResults.NoContent();
    }
}
