using Safeguarding.Hosting.Access;
using Safeguarding.Notification.Domain.Alerts;

namespace Safeguarding.Notification.Api;

/// <summary>Who calls, as the history of an alert names them.</summary>
internal static class CallingActor
{
    /// <summary>A person by role and the subject of their sign-in; otherwise the council's system.</summary>
    public static Actor Of(Caller caller) =>
        caller.Person is { } person
            ? new Actor(ActorKind.Person, person.Signature())
            : new Actor(ActorKind.System, caller.ClientId);
}
