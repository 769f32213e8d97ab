using Microsoft.AspNetCore.Http.HttpResults;
using Safeguarding.Hosting.Access;
using Safeguarding.Notification.Delivery;
using Safeguarding.Notification.Storage;

namespace Safeguarding.Notification.Api.Subscriptions;

/// <summary>
/// Ends a subscription: nothing more is sent there, and the history of each alert that waited or was parked
/// says so. The alerts stay in the feed.
/// </summary>
internal static class DeleteSubscription
{
    internal static Task<Results<NoContent, ProblemHttpResult>> Handle(
        string id,
        Caller caller,
        NotificationDb db,
        TimeProvider clock,
        CancellationToken cancellationToken
    ) => DeleteAsync(caller.Organisation, id, caller, db, clock, cancellationToken);

    /// <summary>Ends the one of this name of a council, or of a privacy officer.</summary>
    internal static async Task<Results<NoContent, ProblemHttpResult>> DeleteAsync(
        string recipient,
        string id,
        Caller caller,
        NotificationDb db,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (await db.FindAsync(recipient, id, cancellationToken) is not { } subscription)
            return Refusal.NotFound();

        var now = clock.GetUtcNow();
        // Before the subscription, as the attempts' recorder locks them; and again after it, for what was on its way in
        // while it still stood.
        db.AddRange(await db.CancelOfSubscriptionAsync(subscription, now, cancellationToken));
        db.Remove(subscription);
        db.Audit(caller, "subscription.delete", subscription.Id);
        await db.SaveChangesAsync(cancellationToken);
        db.AddRange(await db.CancelOfSubscriptionAsync(subscription, now, cancellationToken));
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(CancellationToken.None);
        return TypedResults.NoContent();
    }
}
