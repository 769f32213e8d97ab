using Microsoft.AspNetCore.Http.HttpResults;
using Safeguarding.Hosting;
using Safeguarding.Hosting.Access;
using Safeguarding.Notification.Domain;
using Safeguarding.Notification.Domain.Alerts;
using Safeguarding.Notification.Storage;

namespace Safeguarding.Notification.Api.Alerts;

/// <summary>
/// Hands an alert to a colleague or the emergency duty team. It stays as open as it was and climbs its council's steps
/// until somebody acknowledges it: that it was handed over does not say that anybody has it.
/// </summary>
internal static class HandOverAlert
{
    private const int LongestName = 100;

    internal static async Task<Results<Ok<HandedOverView>, ProblemHttpResult>> Handle(
        Guid id,
        HandOverAlertRequest request,
        Caller caller,
        NotificationDb db,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        if (Validate(request) is { } wrong)
            return wrong;
        if (WrittenText.Read(request.Text, required: false, out var text) is { } unusable)
            return unusable;
        if (AnswerFields.Read(request.Kind, request.Name, caller, out var actor) is { } error)
            return error;

        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (await db.LockAsync(id, caller.Organisation, cancellationToken) is not { } alert)
            return Refusal.NotFound();
        if (alert.State is AlertState.Refused or AlertState.Withdrawn)
        {
            return Refusal.Problem(
                StatusCodes.Status409Conflict,
                alert.State is AlertState.Refused ? "alert-refused" : "alert-withdrawn",
                "The alert was refused or withdrawn: there is nothing to hand over. Its history says by whom."
            );
        }

        var over = new HandOver(request.To!.Value, request.Colleague?.Trim(), text);
        // A form that is sent twice is one hand-over.
        if (
            (alert.HandedOverTo, alert.HandedOverColleague, alert.HandedOverText, alert.HandedOverBy)
            != (over.To, over.Colleague, over.Text, actor.Name)
        )
        {
            var now = clock.GetUtcNow().AsStored();
            alert.Hand(over, actor, now);
            db.Add(AlertEntry.Of(alert, AlertEventType.HandedOver, now, actor, over.InWords));
        }
        db.Audit(caller, "alert.hand-over", alert.Id);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(CancellationToken.None);
        var view = HandedOverView.Of(alert)!;
        return TypedResults.Ok(alert.IsRestricted ? view with { At = view.At.DayOnly() } : view);
    }

    private static ProblemHttpResult? Validate(HandOverAlertRequest request) =>
        request switch
        {
            { To: null } => Wrong("to-missing", "to", "must be colleague or emergencyDutyTeam"),
            { To: HandedTo.EmergencyDutyTeam, Colleague: not null } => Wrong(
                "colleague-not-taken",
                "colleague",
                "goes with to colleague only"
            ),
            { To: HandedTo.Colleague } when string.IsNullOrWhiteSpace(request.Colleague) => Wrong(
                "colleague-missing",
                "colleague",
                "must name the colleague, by name or by role"
            ),
            { Colleague: { } name } when name.Trim().Length > LongestName || !TextProfile.Line.Allows(name) => Wrong(
                "colleague-unusable",
                "colleague",
                "must be at most 100 characters without control characters"
            ),
            _ => null,
        };

    private static ProblemHttpResult Wrong(string code, string field, string message) =>
        Refusal.Problem(StatusCodes.Status400BadRequest, code, $"{field} {message}.", new FieldError(field, message));
}

/// <param name="To">colleague or emergencyDutyTeam.</param>
/// <param name="Colleague">Who, as the council names them; required for a colleague, and for nobody else.</param>
/// <param name="Text">What they are to know, at most 1000 characters.</param>
/// <param name="Kind">person or system, who hands it over; system where not given.</param>
/// <param name="Name">Who hands it over; required for a person.</param>
internal sealed record HandOverAlertRequest(
    HandedTo? To,
    string? Colleague,
    string? Text,
    ActorKind? Kind,
    string? Name
);
