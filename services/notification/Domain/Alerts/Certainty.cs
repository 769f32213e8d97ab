namespace Safeguarding.Notification.Domain.Alerts;

/// <summary>How sure the match is, in words that a duty desk can act on beside the number.</summary>
internal static class Certainty
{
    public static string InWords(double probability) =>
        probability switch
        {
            >= 0.999 => "practically certain",
            >= 0.99 => "very likely",
            >= 0.95 => "likely",
            _ => "possible: check before acting",
        };
}
