using Microsoft.AspNetCore.Http.HttpResults;
using Safeguarding.Hosting.Access;
using Safeguarding.Notification.Domain;
using Safeguarding.Notification.Storage;

namespace Safeguarding.Notification.Api.Registrations;

/// <summary>The council cannot explain that the other has the child; the hub's privacy officer looks into it.</summary>
internal static class ChallengeRegistration
{
    internal static async Task<Results<Ok<RegistrationView>, ProblemHttpResult>> Handle(
        Guid id,
        ReasonGiven request,
        Caller caller,
        NotificationDb db,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        if (request.Validate() is { } error)
            return error;
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (await OwnRegistration.LockAsync(db, id, caller, cancellationToken) is not { } own)
            return Refusal.NotFound();

        // A repeat keeps the time and takes the reason that was given last; each is in the audit.
        own.ChallengedAt ??= clock.GetUtcNow().AsStored();
        own.ChallengeReason = request.Reason;
        db.Audit(caller, "registration.challenge", id, request.Reason);
        await db.SaveChangesAsync(cancellationToken);
        var view = await RegistrationView.OfAsync(db, [own], cancellationToken);
        await transaction.CommitAsync(CancellationToken.None);
        return TypedResults.Ok(view[0]);
    }
}
