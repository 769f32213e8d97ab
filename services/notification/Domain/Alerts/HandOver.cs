namespace Safeguarding.Notification.Domain.Alerts;

/// <summary>Whom an alert was handed to. It stays as open as it was, and its escalation goes on.</summary>
/// <param name="To">A colleague or the emergency duty team.</param>
/// <param name="Colleague">Who, as the council names them; null for the team.</param>
/// <param name="Text">What they are to know.</param>
internal sealed record HandOver(HandedTo To, string? Colleague, string? Text)
{
    /// <summary>As a line of the alert's history.</summary>
    public string InWords =>
        $"To {(To is HandedTo.EmergencyDutyTeam ? "the emergency duty team" : Colleague)}.{(Text is null ? "" : $" {Text}")}";
}

/// <summary>To whom alerts are handed.</summary>
internal enum HandedTo
{
    Colleague,
    EmergencyDutyTeam,
}
