using Safeguarding.Notification.Deliveries;

namespace Safeguarding.Notification.Subscriptions;

/// <summary>A subscription as its council sees it: what it asked for, and how its endpoint is doing.</summary>
/// <param name="Id">The council's own name for it.</param>
/// <param name="Url">The endpoint.</param>
/// <param name="Payload">thin or full.</param>
/// <param name="Enabled">False while the council has switched it off.</param>
/// <param name="Secret">Shown once, where it was just made.</param>
/// <param name="FormerSecretUntil">While a rotation overlaps: until when the former secret signs too.</param>
/// <param name="Endpoint">How the endpoint is doing.</param>
internal sealed record SubscriptionView(
    string Id, string Url, PayloadKind Payload, bool Enabled, string? Secret, DateTimeOffset? FormerSecretUntil, EndpointStanding? Endpoint)
{
    public static SubscriptionView Of(Subscription subscription, DateTimeOffset now, string? secret = null, EndpointStanding? standing = null) => new(
        subscription.Name, subscription.Url, subscription.Payload, subscription.Enabled, secret,
        subscription.FormerSecretUntil > now ? subscription.FormerSecretUntil : null, standing);
}

/// <param name="Waiting">Deliveries that wait, for their first attempt or the next.</param>
/// <param name="OldestWaitingSince">Since when the oldest of them waits.</param>
/// <param name="Parked">Deliveries that the endpoint refused; see replay.</param>
/// <param name="LastAttemptAt">When it was called last.</param>
/// <param name="LastOutcome">How that ended.</param>
/// <param name="LastStatus">With which HTTP status.</param>
internal sealed record EndpointStanding(
    int Waiting, DateTimeOffset? OldestWaitingSince, int Parked, DateTimeOffset? LastAttemptAt, AttemptOutcome? LastOutcome, int? LastStatus);
