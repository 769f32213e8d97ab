using Microsoft.AspNetCore.Http.HttpResults;
using Safeguarding.Hosting.Access;
using Safeguarding.Notification.Domain;
using Safeguarding.Notification.Domain.Alerts;
using Safeguarding.Notification.Domain.Grouping;
using Safeguarding.Notification.Storage;
using RefusalReason = Safeguarding.Notification.Domain.Alerts.RefusalReason;

namespace Safeguarding.Notification.Api.Alerts;

/// <summary>
/// The council says that the alert is not for it. Also after a system's acknowledgement: often it is a person
/// who sees it. A system does not override a person, unless the council's rules let it.
/// </summary>
internal static class RefuseAlert
{
    internal static async Task<Results<Ok<AlertStatus>, ProblemHttpResult>> Handle(
        Guid id,
        RefuseAlertRequest request,
        Caller caller,
        NotificationDb db,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        if (request.Reason is not { } reason)
        {
            return Refusal.Problem(
                StatusCodes.Status400BadRequest,
                "reason-missing",
                "reason must be notOurs or wrongChild.",
                new FieldError("reason", "notOurs or wrongChild")
            );
        }

        if (AnswerFields.Read(request.Kind, request.Name, caller, out var actor) is { } error)
            return error;

        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (await db.LockAsync(id, caller.Organisation, cancellationToken) is not { } alert)
            return Refusal.NotFound();
        if (AnswerFields.NotYet(request.Version, alert) is { } early)
            return early;
        if (alert.State is AlertState.Withdrawn)
        {
            return Refusal.Problem(
                StatusCodes.Status409Conflict,
                "alert-withdrawn",
                "The alert was withdrawn: there is nothing to refuse."
            );
        }

        if ((request.Version ?? alert.ClaimedVersion ?? alert.Version) < alert.AttendedVersion)
        {
            return Refusal.Problem(
                StatusCodes.Status409Conflict,
                "attendance-added",
                "Another attendance has joined the alert since that version. Read it and answer again."
            );
        }

        if (alert.State is AlertState.Refused && alert.RefusalReason == reason)
            return TypedResults.Ok(AlertStatus.Of(alert));

        if (
            actor.Kind is ActorKind.System
            && alert is { State: AlertState.Acknowledged, SettledByKind: ActorKind.Person }
            && !await MayOverrideAsync(db, caller, cancellationToken)
        )
        {
            return Refusal.Problem(
                StatusCodes.Status409Conflict,
                "acknowledged-by-person",
                $"{alert.SettledBy} acknowledged the alert at {alert.SettledAt:O}. A person can refuse it: kind "
                    + "person, with a name. A system can where the council's rules say so (PUT /rules, "
                    + "answers.systemRefusal)."
            );
        }

        var now = clock.GetUtcNow().AsStored();
        var version = request.Version ?? alert.ClaimedVersion ?? alert.Version;
        var wasOpen = alert.IsOpen;
        alert.Refuse(actor, reason, version, now);
        db.Add(AlertEntry.Of(alert, AlertEventType.Refused, now, actor, reason.ToString(), version));
        if (wasOpen)
            db.AddRange(await db.StopEscalationAsync([alert], "Refused", now, cancellationToken));
        db.Audit(caller, "alert.refuse", alert.Id);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(CancellationToken.None);
        return TypedResults.Ok(AlertStatus.Of(alert));
    }

    private static async Task<bool> MayOverrideAsync(
        NotificationDb db,
        Caller caller,
        CancellationToken cancellationToken
    ) =>
        (await db.RulesInForceAsync([caller.Organisation], cancellationToken))[caller.Organisation]
            .Rules
            .Answers
            ?.SystemRefusal is SystemRefusal.OverridePerson;
}

/// <param name="Reason">notOurs or wrongChild.</param>
/// <param name="Kind">person or system; system where not given.</param>
/// <param name="Name">Who, as the council names them.</param>
/// <param name="Version">Which version was read.</param>
internal sealed record RefuseAlertRequest(RefusalReason? Reason, ActorKind? Kind, string? Name, long? Version);
