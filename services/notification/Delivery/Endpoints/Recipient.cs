using System.Net;
using Safeguarding.Contracts;
using Safeguarding.Notification.Domain.Subscriptions;

namespace Safeguarding.Notification.Delivery.Endpoints;

/// <summary>All that a channel needs to reach one endpoint.</summary>
internal sealed record Recipient
{
    public required Guid SubscriptionId { get; init; }

    /// <summary>The council's name for the subscription.</summary>
    public required string Name { get; init; }

    public required string CouncilCode { get; init; }

    /// <summary>Which channel.</summary>
    public required string Channel { get; init; }

    /// <summary>A URL, an e-mail address or a telephone number.</summary>
    public required string Address { get; init; }

    public required Sealed<SigningSecret> Secret { get; init; }

    /// <summary>Those whose rotations overlap.</summary>
    public IReadOnlyList<FormerSecret> FormerSecrets { get; init; } = [];

    /// <summary>How the subscription stands now.</summary>
    public required SubscriptionStanding Standing { get; init; }

    /// <summary>Headers that the council wants with each request.</summary>
    public Sealed<CouncilHeaders>? Headers { get; init; }

    /// <summary>Private networks that an operator has opened for this endpoint alone.</summary>
    public IReadOnlyList<IPNetwork> PrivateNetworks { get; init; } = [];

    public static Recipient Of(Subscription subscription, DateTimeOffset now) =>
        new()
        {
            SubscriptionId = subscription.Id,
            Name = subscription.Name,
            CouncilCode = subscription.CouncilCode,
            Channel = subscription.Channel,
            Address = subscription.Address,
            Secret = subscription.Secret,
            FormerSecrets = FormerSecret.InForce(subscription.FormerSecrets, now),
            Standing = subscription.Standing,
            Headers = subscription.Headers,
            PrivateNetworks = subscription.PrivateNetworksInForce,
        };
}
