using Safeguarding.Notification.Channels;

namespace Safeguarding.Notification.Deliveries;

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

    public DateTimeOffset? MeasuredFrom { get; init; }
    public string? TraceParent { get; init; }

    /// <summary>The same over every retry of one version of one alert to one endpoint.</summary>
    public string MessageId => $"msg_{Id:N}";
}

/// <summary>An attempt that was made.</summary>
internal sealed record Attempt(DateTimeOffset At, TimeSpan Duration, AttemptOutcome Outcome, int? Status);

/// <summary>An attempt to be written down.</summary>
internal sealed record EndedAttempt(DueDelivery Delivery, Attempt Attempt, DateTimeOffset? NextAttemptAt);
