using Microsoft.AspNetCore.Http.HttpResults;
using Safeguarding.Hosting;
using Safeguarding.Hosting.Access;
using Safeguarding.Notification.Domain.Alerts;

namespace Safeguarding.Notification.Api.Alerts;

/// <summary>Where an alert stands after an answer to it; discloses nothing of the encounter.</summary>
internal sealed record AlertStatus(
    Guid Id,
    long Version,
    AlertState State,
    SettledView? Settled,
    WithdrawnView? Withdrawn
)
{
    public static AlertStatus Of(Alert alert) =>
        new(
            alert.Id,
            alert.Version,
            alert.State,
            SettledView.Of(alert),
            alert is { WithdrawnAt: { } at, WithdrawalReason: { } reason } ? new WithdrawnView(at, reason) : null
        );
}

/// <summary>What a council's answer to an alert says of who answers to which version.</summary>
internal static class AnswerFields
{
    private const int LongestName = 100;

    /// <returns>Null where the fields will do.</returns>
    public static ProblemHttpResult? Read(ActorKind? kind, string? name, Caller caller, out Actor actor)
    {
        var isNamed = !string.IsNullOrWhiteSpace(name);
        // Whoever is signed in answers for it; a name that came with the request is for show.
        actor = (kind, isNamed, caller.Person) switch
        {
            (ActorKind.Hub, _, _) => new Actor(ActorKind.Hub, ""),
            (_, _, { } person) => new Actor(ActorKind.Person, person.Signature(name)),
            (null, false, null) => CallingActor.Of(caller),
            _ => new Actor(kind ?? ActorKind.System, isNamed ? name!.Trim() : caller.ClientId),
        };
        if (actor.Kind is ActorKind.Hub)
        {
            return Refusal.Problem(
                StatusCodes.Status400BadRequest,
                "kind-unknown",
                "kind must be person or system.",
                new FieldError("kind", "person or system")
            );
        }

        if (kind is ActorKind.Person && !isNamed && caller.Person is null)
        {
            return Refusal.Problem(
                StatusCodes.Status400BadRequest,
                "name-missing",
                "A person must be named, by name or by role.",
                new FieldError("name", "required for a person")
            );
        }

        if (isNamed && (name!.Trim().Length > LongestName || !TextProfile.Line.Allows(name.Trim())))
        {
            return Refusal.Problem(
                StatusCodes.Status400BadRequest,
                "name-unusable",
                "name must be at most 100 characters without control characters.",
                new FieldError("name", "at most 100 characters")
            );
        }

        return null;
    }

    public static ProblemHttpResult? NotYet(long? version, Alert alert) =>
        version > alert.Version
            ? Refusal.Problem(
                StatusCodes.Status409Conflict,
                "version-unknown",
                "The alert has no such version yet.",
                new FieldError("version", "above the alert's version")
            )
            : null;
}
