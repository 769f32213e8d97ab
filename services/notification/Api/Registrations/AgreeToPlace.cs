using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Safeguarding.Hosting.Access;
using Safeguarding.Notification.Delivery;
using Safeguarding.Notification.Delivery.Channels;
using Safeguarding.Notification.Domain;
using Safeguarding.Notification.Domain.Registrations;
using Safeguarding.Notification.Storage;

namespace Safeguarding.Notification.Api.Registrations;

/// <summary>
/// The council that has restricted a child lets the other see where the child is, or no longer does. It holds for all
/// of that council's alerts about the child, also those that were raised before.
/// </summary>
internal static class AgreeToPlace
{
    internal static Task<Results<Ok<RegistrationView>, ProblemHttpResult>> Handle(
        Guid id,
        ReasonGiven request,
        Caller caller,
        NotificationDb db,
        NewDeliveries deliveries,
        TimeProvider clock,
        CancellationToken cancellationToken
    ) => SetAsync(id, agreed: true, request, caller, db, deliveries, clock, cancellationToken);

    internal static Task<Results<Ok<RegistrationView>, ProblemHttpResult>> Withdraw(
        Guid id,
        ReasonGiven request,
        Caller caller,
        NotificationDb db,
        NewDeliveries deliveries,
        TimeProvider clock,
        CancellationToken cancellationToken
    ) => SetAsync(id, agreed: false, request, caller, db, deliveries, clock, cancellationToken);

    private static async Task<Results<Ok<RegistrationView>, ProblemHttpResult>> SetAsync(
        Guid id,
        bool agreed,
        ReasonGiven request,
        Caller caller,
        NotificationDb db,
        NewDeliveries deliveries,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        if (request.Validate() is { } error)
            return error;
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (await OwnRegistration.LockAsync(db, id, caller, cancellationToken) is not { } own)
            return Refusal.NotFound();
        // Who cannot see to whom the place goes cannot agree to it; and then the restriction is not its own.
        if (!own.OtherIsNamed)
        {
            return Refusal.Problem(
                StatusCodes.Status409Conflict,
                "place-not-yours",
                "The other council has restricted the child's plan, so it is not yours to show where the child is."
            );
        }

        var now = clock.GetUtcNow().AsStored();
        db.Audit(caller, agreed ? "registration.place.agree" : "registration.place.withdraw", id, request.Reason);
        if (agreed != own.PlaceAgreedAt is not null)
        {
            own.PlaceAgreedAt = agreed ? now : null;
            var other = await NotifyAsync(db, own, now, cancellationToken);
            await deliveries.DeliverNoticesAsync(
                db,
                [
                    new CouncilNotice(
                        other.CouncilCode,
                        new Notice.OfPlaceAgreement(other, agreed, now),
                        Audience.FirstLine
                    ),
                ],
                await db.RotasAsync([other.CouncilCode], cancellationToken),
                now,
                cancellationToken
            );
        }

        await db.SaveChangesAsync(cancellationToken);
        var view = await RegistrationView.OfAsync(db, [own], cancellationToken);
        await transaction.CommitAsync(CancellationToken.None);
        return TypedResults.Ok(view[0]);
    }

    // The other council may not have been notified of the registration until now; who agrees names itself.
    private static async Task<RegistrationNotice> NotifyAsync(
        NotificationDb db,
        RegistrationNotice own,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        await db.InsertNewAsync([own.ForOther(now)], cancellationToken);
        var other = await db.RegistrationNotices.SingleAsync(
            notice => notice.PairId == own.PairId && notice.CouncilCode == own.OtherCouncilCode,
            cancellationToken
        );
        other.OtherIsNamed = true;
        return other;
    }
}
