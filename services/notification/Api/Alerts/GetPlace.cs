using Microsoft.AspNetCore.Http.HttpResults;
using Safeguarding.Hosting.Access;
using Safeguarding.Hosting.Privacy;
using Safeguarding.Notification.Domain.Alerts;
using Safeguarding.Notification.Storage;

namespace Safeguarding.Notification.Api.Alerts;

/// <summary>
/// Where and when of an alert, a call and an audit record of its own: of a restricted child the alert itself does not
/// say it.
/// </summary>
internal static class GetPlace
{
    internal static async Task<Results<Ok<AlertView>, ProblemHttpResult>> Handle(
        Guid id,
        Caller caller,
        NotificationDb db,
        Sealer sealer,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (await db.LockAsync(id, caller.Organisation, cancellationToken) is not { } alert)
            return Refusal.NotFound();

        // Who gives the place away sees in its own audit that it was read.
        var agreed = await db.WhoAgreedAsync(alert, cancellationToken);
        if (!alert.Discloses(Shown.PlaceByItself, agreed is not null))
        {
            return Refusal.Problem(
                StatusCodes.Status403Forbidden,
                "place-withheld",
                "Where this child was is withheld, because another council has restricted the child's plan."
            );
        }

        var now = clock.GetUtcNow();
        alert.Disclosed = true;
        db.Add(AlertEntry.Of(alert, AlertEventType.PlaceRead, now, CallingActor.Of(caller)));
        db.Audit(caller, "alert.place.read", alert.Id, concerning: agreed);
        await db.SaveChangesAsync(cancellationToken);
        var view = await db.ViewWholeAsync(alert, sealer, now, cancellationToken);
        await transaction.CommitAsync(CancellationToken.None);
        return TypedResults.Ok(view);
    }
}
