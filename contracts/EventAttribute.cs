namespace Safeguarding.Contracts;

/// <summary>
/// Marks a domain event, with the service that sends it and the services that must act on it. An outbox row is kept
/// until every listener named here has confirmed it. The full type name is the wire name: renaming or moving one is a
/// breaking change.
/// </summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class EventAttribute(string sender, params string[] listeners) : Attribute
{
    /// <summary>The one service that publishes this event.</summary>
    public string Sender { get; } = sender;

    /// <summary>The services whose inbox must have stored it before the sender may delete it.</summary>
    public IReadOnlyList<string> Listeners { get; } = listeners;
}
