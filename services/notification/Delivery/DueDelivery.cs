using Safeguarding.Notification.Delivery.Endpoints;
using Safeguarding.Notification.Domain.Deliveries;

namespace Safeguarding.Notification.Delivery;

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
