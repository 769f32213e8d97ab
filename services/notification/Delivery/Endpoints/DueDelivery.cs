using System.Net;
using Safeguarding.Contracts;
using Safeguarding.Notification.Domain.Deliveries;
using Safeguarding.Notification.Domain.Subscriptions;

namespace Safeguarding.Notification.Delivery.Endpoints;

/// <summary>A delivery that this process has leased, with all that is needed to try it.</summary>
internal sealed record DueDelivery
{
    public required Guid Id { get; init; }
    public required Recipient To { get; init; }

    /// <summary>Null for what is about no alert.</summary>
    public Guid? AlertId { get; init; }

    public required long AlertVersion { get; init; }
    public required string EventType { get; init; }
    public required byte[] Body { get; init; }
    public string? BodyKeyId { get; init; }

    /// <summary>1 for the first.</summary>
    public required int Attempt { get; init; }

    /// <summary>Of the endpoint, as it was when this was claimed.</summary>
    public required long EndpointEpoch { get; init; }

    public DateTimeOffset? MeasuredFrom { get; init; }
    public string? TraceParent { get; init; }

    /// <summary>The same over every retry of one version of one alert to one endpoint.</summary>
    public string MessageId => $"msg_{Id:N}";

    /// <summary>A handshake is never parked: until the endpoint answers it, everything else waits.</summary>
    public NextStep StepAfter(AttemptOutcome outcome) =>
        outcome.NextStep() is NextStep.Park && EventType == EndpointDelivery.HandshakeType
            ? NextStep.Retry
            : outcome.NextStep();
}

/// <summary>An attempt that was made.</summary>
internal sealed record Attempt(DateTimeOffset At, TimeSpan Duration, AttemptOutcome Outcome, int? Status);

/// <summary>An attempt to be written down.</summary>
/// <param name="Delivery">Of what.</param>
/// <param name="Attempt">How it went.</param>
/// <param name="NextAttemptAt">When again; null where it is not.</param>
/// <param name="SaysHowEndpointIs">False for a success that was under way before another attempt failed.</param>
internal sealed record EndedAttempt(
    DueDelivery Delivery,
    Attempt Attempt,
    DateTimeOffset? NextAttemptAt,
    bool SaysHowEndpointIs
);

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
    public required SubscriptionHealth Health { get; init; }

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
            Health = subscription.Health,
            Headers = subscription.Headers,
            PrivateNetworks = subscription.PrivateNetworksInForce,
        };
}
