namespace Safeguarding.Notification.Domain.Deliveries;

/// <summary>An endpoint began to fail, or answers again: the operators' record of it.</summary>
internal sealed class EndpointReport
{
    public required Guid Id { get; init; }
    public required DateTimeOffset At { get; init; }
    public required Guid SubscriptionId { get; init; }
    public required string CouncilCode { get; init; }
    public required DateTimeOffset FailingSince { get; init; }

    /// <summary>How it fails; null where it answers again.</summary>
    public AttemptOutcome? Outcome { get; init; }
}
