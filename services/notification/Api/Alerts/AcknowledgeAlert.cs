using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Safeguarding.Hosting.Access;
using Safeguarding.Notification.Domain;
using Safeguarding.Notification.Domain.Alerts;
using Safeguarding.Notification.Storage;

namespace Safeguarding.Notification.Api.Alerts;

/// <summary>
/// A person or a system of the council has acknowledged the alert. The first acknowledgement counts; a repeat answers
/// the same. Acknowledging a withdrawal or an amendment only takes that news out of the feed.
/// </summary>
internal static class AcknowledgeAlert
{
    internal static async Task<Results<Ok<AlertStatus>, ProblemHttpResult>> Handle(
        Guid id,
        AcknowledgeAlertRequest? request,
        Caller caller,
        NotificationDb db,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        if (AnswerFields.Read(request?.Kind, request?.Name, caller, out var actor) is { } error)
            return error;

        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (await db.LockAsync(id, caller.Organisation, cancellationToken) is not { } alert)
            return Refusal.NotFound();
        if (AnswerFields.NotYet(request?.Version, alert) is { } early)
            return early;
        if (alert.State is AlertState.Refused && !alert.InFeed)
        {
            return Refusal.Problem(
                StatusCodes.Status409Conflict,
                "alert-refused",
                "The alert was refused before. Its history says by whom."
            );
        }

        var now = clock.GetUtcNow().AsStored();
        var version = request?.Version ?? alert.ClaimedVersion ?? alert.Version;
        var wasOpen = alert.IsOpen;
        var news = wasOpen || (alert.InFeed && version >= alert.Version);
        alert.Acknowledge(actor, version, now);
        if (news || !await IsOnRecordAsync(db, alert, actor, cancellationToken))
            db.Add(AlertEntry.Of(alert, AlertEventType.Acknowledged, now, actor, version: version));
        if (wasOpen && !alert.IsOpen)
            db.AddRange(await db.StopEscalationAsync([alert], "Acknowledged", now, cancellationToken));
        db.Audit(caller, "alert.acknowledge", alert.Id);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(CancellationToken.None);
        return TypedResults.Ok(AlertStatus.Of(alert));
    }

    // A second person's acknowledgement is worth a line; the second try of one request is not. Sealed names cannot be
    // compared in the database.
    private static async Task<bool> IsOnRecordAsync(
        NotificationDb db,
        Alert alert,
        Actor actor,
        CancellationToken cancellationToken
    ) =>
        (
            await db
                .AlertEntries.Where(entry =>
                    entry.AlertId == alert.Id && entry.EventType == AlertEventType.Acknowledged
                )
                .Select(entry => entry.By)
                .ToListAsync(cancellationToken)
        ).Contains(actor.Name);
}

/// <param name="Kind">person or system; system where not given.</param>
/// <param name="Name">Who, as the council names them; required for a person, the caller's client id for a system
/// where not given.</param>
/// <param name="Version">Which version was read; the one that was claimed last, or the newest, where not
/// given.</param>
internal sealed record AcknowledgeAlertRequest(ActorKind? Kind, string? Name, long? Version);
