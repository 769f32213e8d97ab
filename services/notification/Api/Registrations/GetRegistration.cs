using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Safeguarding.Hosting.Access;
using Safeguarding.Notification.Domain.Deliveries;
using Safeguarding.Notification.Storage;

namespace Safeguarding.Notification.Api.Registrations;

/// <summary>One of them, with how the council was notified.</summary>
internal static class GetRegistration
{
    internal static async Task<Results<Ok<GetRegistrationAnswer>, ProblemHttpResult>> Handle(
        Guid id,
        Caller caller,
        NotificationDb db,
        CancellationToken cancellationToken
    )
    {
        var notice = await db
            .RegistrationNotices.AsNoTracking()
            .SingleOrDefaultAsync(
                notice => notice.Id == id && notice.CouncilCode == caller.Organisation,
                cancellationToken
            );
        if (notice is null)
            return Refusal.NotFound();

        var deliveries = await (
            from delivery in db.Deliveries
            where delivery.NoticeId == id
            join subscription in db.Subscriptions on delivery.SubscriptionId equals subscription.Id into subscriptions
            from subscription in subscriptions.DefaultIfEmpty()
            orderby delivery.Id
            select new DeliveryView(
                subscription == null ? null : subscription.Name,
                delivery.EventType,
                delivery.State,
                delivery.Attempts,
                delivery.EndedAt
            )
        ).ToListAsync(cancellationToken);
        db.Audit(caller, "registration.read", id);
        await db.SaveChangesAsync(cancellationToken);
        var view = await RegistrationView.OfAsync(db, [notice], cancellationToken);
        return TypedResults.Ok(new GetRegistrationAnswer(view[0], deliveries));
    }

    /// <param name="Subscription">The council's name for it; null where it is deleted.</param>
    /// <param name="EventType">What was sent.</param>
    /// <param name="State">Where the delivery stands.</param>
    /// <param name="Attempts">How often it was tried.</param>
    /// <param name="EndedAt">When the endpoint took it, or the hub gave up.</param>
    internal sealed record DeliveryView(
        string? Subscription,
        string EventType,
        DeliveryState State,
        int Attempts,
        DateTimeOffset? EndedAt
    );
}

/// <param name="Registration">What the council was notified of.</param>
/// <param name="Deliveries">Through which subscriptions, oldest first; for as long as attempts are kept.</param>
internal sealed record GetRegistrationAnswer(
    RegistrationView Registration,
    IReadOnlyList<GetRegistration.DeliveryView> Deliveries
);
