using Microsoft.AspNetCore.Http.HttpResults;
using Safeguarding.Hosting.Access;
using Safeguarding.Hosting.Privacy;
using Safeguarding.Notification.Domain.Alerts;
using Safeguarding.Notification.Storage;

namespace Safeguarding.Notification.Api.Alerts;

/// <summary>One alert of the caller's council; what a thin webhook leads to.</summary>
internal static class GetAlert
{
    internal static async Task<Results<Ok<AlertView>, ProblemHttpResult>> Handle(
        Guid id,
        Caller caller,
        NotificationDb db,
        Sealer sealer,
        TimeProvider clock,
        HttpContext http,
        CancellationToken cancellationToken
    )
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (await db.LockAsync(id, caller.Organisation, cancellationToken) is not { } alert)
            return Refusal.NotFound();

        var now = clock.GetUtcNow();
        alert.Disclosed = true;
        db.Add(AlertEntry.Of(alert, AlertEventType.Read, now, CallingActor.Of(caller)));
        db.Audit(caller, "alert.read", alert.Id);
        await db.SaveChangesAsync(cancellationToken);
        var views = await db.ViewAsync([alert], caller.Organisation, sealer, now, cancellationToken);
        await transaction.CommitAsync(CancellationToken.None);
        return TypedResults.Ok(views[0]);
    }
}
