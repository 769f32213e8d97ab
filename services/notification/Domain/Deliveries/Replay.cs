namespace Safeguarding.Notification.Domain.Deliveries;

/// <summary>
/// An operator's act of sending ended deliveries again. Its id is the nonce that the dry run gave, so the same
/// request twice is one replay.
/// </summary>
internal sealed class Replay
{
    public required Guid Id { get; init; }
    public required DateTimeOffset AskedAt { get; init; }
    public required string Organisation { get; init; }
    public required string ClientId { get; init; }
    public required string Reason { get; init; }
    public required DateTimeOffset WindowFrom { get; init; }
    public required DateTimeOffset WindowUntil { get; init; }
    public string? CouncilCode { get; init; }
    public Guid? SubscriptionId { get; init; }
    public required List<string> States { get; init; }
    public required int Deliveries { get; init; }
    public required int PerMinute { get; init; }
    public DateTimeOffset? StoppedAt { get; set; }
    public string? StoppedBy { get; set; }
}

/// <summary>
/// That a replay sent a delivery again, whatever became of it. The delivery keeps its id, its bytes and so its
/// <c>webhook-id</c>: a receiver that has it already sees a repeat, while here it is a new act and not a repeat of the
/// first sending.
/// </summary>
internal sealed class ReplayedDelivery
{
    public required Guid ReplayId { get; init; }
    public required Guid DeliveryId { get; init; }

    /// <summary>What it was before; what it is again when the replay is stopped in time.</summary>
    public required DeliveryState FormerState { get; init; }

    /// <summary>Its place in the pace of the replay: not tried sooner, even where the endpoint answers.</summary>
    public required DateTimeOffset DueAt { get; init; }
}
