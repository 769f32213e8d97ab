using Safeguarding.Notification.Domain.Subscriptions;

namespace Safeguarding.Notification.Delivery.Channels.Fhir;

/// <summary>How a subscription stands, in the words of R4.</summary>
internal static class SubscriptionStatus
{
    public static string Code(SubscriptionHealth standing, DateTimeOffset now) =>
        standing switch
        {
            { Enabled: false } => "off",
            _ when standing.EndsAt <= now => "off",
            { FailingSince: not null } => "error",
            { AwaitsHandshake: true } => "requested",
            _ => "active",
        };

    /// <summary>What the endpoint does, as a class; never what it answered.</summary>
    public static string? Error(SubscriptionHealth standing) =>
        standing.FailingSince is { } since
            ? $"The endpoint has been failing since {since:O}: "
                + $"{System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(standing.FailingOutcome.ToString()!)}. "
                + "Everything is kept and tried again."
            : null;
}
