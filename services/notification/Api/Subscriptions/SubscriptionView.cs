using Microsoft.EntityFrameworkCore;
using Safeguarding.Hosting.Privacy;
using Safeguarding.Notification.Delivery.Channels.Webhook;
using Safeguarding.Notification.Domain.Deliveries;
using Safeguarding.Notification.Domain.Subscriptions;
using Safeguarding.Notification.Storage;

namespace Safeguarding.Notification.Api.Subscriptions;

/// <summary>A subscription as its council sees it: what it asked for, and how its endpoint is doing.</summary>
/// <param name="Id">The council's own name for it.</param>
/// <param name="Channel">Which channel.</param>
/// <param name="Url">The endpoint, for channels that post to one.</param>
/// <param name="To">The e-mail address or telephone number, for channels to a desk.</param>
/// <param name="Payload">thin or full.</param>
/// <param name="Enabled">False while the council has switched it off.</param>
/// <param name="Standby">True where it receives only what another channel could not deliver, or what a rule sends
/// there.</param>
/// <param name="Link">Where the council's people open an alert.</param>
/// <param name="Types">The types of events that it is sent; absent where all are.</param>
/// <param name="Secret">The shared secret, shown once, where it was just made.</param>
/// <param name="PublicKey">What verifies the Ed25519 signature; null where the secret is older than such
/// signatures.</param>
/// <param name="FormerPublicKey">While a rotation overlaps: of the newest former secret.</param>
/// <param name="FormerSecretUntil">While a rotation overlaps: until when the newest former secret signs too.</param>
/// <param name="FormerSecrets">Every former secret that still signs, the newest first.</param>
/// <param name="FailingSince">Since when the endpoint fails; null while it answers.</param>
/// <param name="PrivateNetworks">Private networks that an operator has opened for this endpoint.</param>
/// <param name="Endpoint">How the endpoint is doing.</param>
internal sealed record SubscriptionView(
    string Id,
    string Channel,
    string? Url,
    string? To,
    PayloadKind Payload,
    bool Enabled,
    bool Standby,
    string? Link,
    IReadOnlyList<string>? Types,
    string? Secret,
    string? PublicKey,
    string? FormerPublicKey,
    DateTimeOffset? FormerSecretUntil,
    IReadOnlyList<FormerSecretView>? FormerSecrets,
    DateTimeOffset? FailingSince,
    IReadOnlyList<string>? PrivateNetworks,
    EndpointStatus? Endpoint
)
{
    public static SubscriptionView Of(
        Subscription subscription,
        Sealer sealer,
        DateTimeOffset now,
        string? secret = null,
        EndpointStatus? standing = null
    )
    {
        var isUrl = Uri.TryCreate(subscription.Address, UriKind.Absolute, out _);
        var formers = FormerSecret
            .InForce(subscription.FormerSecrets, now)
            .Select(former => new FormerSecretView(
                WebhookSignature.PublicKeyOf(sealer.Open(former.Sealed)),
                former.Until
            ))
            .ToList();
        return new SubscriptionView(
            subscription.Name,
            subscription.Channel,
            isUrl ? subscription.Address : null,
            isUrl ? null : subscription.Address,
            subscription.Payload,
            subscription.Enabled,
            subscription.Standby,
            subscription.Link,
            subscription.Types,
            secret,
            WebhookSignature.PublicKeyOf(sealer.Open(subscription.Secret)),
            formers is [var newest, ..] ? newest.PublicKey : null,
            formers is [{ Until: var until }, ..] ? until : null,
            formers is [] ? null : formers,
            subscription.FailingSince,
            subscription.PrivateNetworksInForce is [] ? null : subscription.PrivateNetworks,
            standing
        );
    }
}

/// <param name="PublicKey">What verifies its Ed25519 signature; null where the secret is older than such
/// signatures.</param>
/// <param name="Until">Until when it signs.</param>
internal sealed record FormerSecretView(string? PublicKey, DateTimeOffset Until);

/// <param name="Waiting">Deliveries that wait, for their first attempt or the next.</param>
/// <param name="OldestWaitingSince">Since when the oldest of them waits.</param>
/// <param name="Parked">Deliveries that the endpoint refused; see replay.</param>
/// <param name="LastAttemptAt">When it was called last.</param>
/// <param name="LastOutcome">How that ended.</param>
/// <param name="LastStatus">With which HTTP status.</param>
internal sealed record EndpointStatus(
    int Waiting,
    DateTimeOffset? OldestWaitingSince,
    int Parked,
    DateTimeOffset? LastAttemptAt,
    AttemptOutcome? LastOutcome,
    int? LastStatus
)
{
    public static async Task<EndpointStatus> OfAsync(
        NotificationDb db,
        Guid subscription,
        CancellationToken cancellationToken
    )
    {
        var deliveries = db.Deliveries.Where(delivery => delivery.SubscriptionId == subscription);
        var waiting = deliveries.Where(delivery => delivery.State == DeliveryState.Waiting);
        var last = await db
            .DeliveryAttempts.Where(attempt => attempt.SubscriptionId == subscription)
            .OrderByDescending(attempt => attempt.Id)
            .FirstOrDefaultAsync(cancellationToken);
        return new EndpointStatus(
            await waiting.CountAsync(cancellationToken),
            await waiting.MinAsync(delivery => (DateTimeOffset?)delivery.CreatedAt, cancellationToken),
            await deliveries.CountAsync(delivery => delivery.State == DeliveryState.Parked, cancellationToken),
            last?.At,
            last?.Outcome,
            last?.Status
        );
    }
}
