namespace Safeguarding.Notification.Domain.Deliveries;

/// <summary>
/// One version of one alert on its way to one endpoint: one row for each, for ever. Its bytes are fixed when
/// it is made.
/// </summary>
internal sealed class EndpointDelivery
{
    /// <summary>The event type of a delivery that opens a subscription which waits for one.</summary>
    public const string HandshakeType = "handshake";

    /// <summary>The event type of a sign of life.</summary>
    public const string HeartbeatType = "heartbeat";

    public required Guid Id { get; init; }
    public required Guid SubscriptionId { get; init; }
    public required string CouncilCode { get; init; }

    /// <summary>Null for what is about no alert: a handshake, a heartbeat, how another endpoint is doing.</summary>
    public Guid? AlertId { get; init; }

    /// <summary>What the council was notified of about another's registration, where it is about that.</summary>
    public Guid? NoticeId { get; init; }

    public required long AlertVersion { get; init; }
    public required string EventType { get; init; }

    /// <summary>The body; sealed where <see cref="BodyKeyId"/> says with which key.</summary>
    public required byte[] Body { get; init; }
    public string? BodyKeyId { get; init; }

    /// <summary>Which event of its subscription it is, where the channel counts them.</summary>
    public long? EventNumber { get; init; }

    public DeliveryState State { get; set; }

    /// <summary>Whether a parked one has been looked at for the council's next channel.</summary>
    public bool OfferedElsewhere { get; set; }

    /// <summary>Counted when an attempt starts, so above 0 means: the receiver may have it.</summary>
    public int Attempts { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>
    /// When the trust's encounter was accepted; null where the time since then says nothing of the hub's
    /// speed.
    /// </summary>
    public DateTimeOffset? MeasuredFrom { get; init; }

    public DateTimeOffset NextAttemptAt { get; set; }
    public DateTimeOffset? LeasedUntil { get; set; }
    public DateTimeOffset? EndedAt { get; set; }
    public AttemptOutcome? LastOutcome { get; set; }
    public string? TraceParent { get; init; }
}

internal enum DeliveryState
{
    /// <summary>To be tried, now or again.</summary>
    Waiting,

    /// <summary>The endpoint took it.</summary>
    Delivered,

    /// <summary>The endpoint said that it never will; the alert stays in the feed.</summary>
    Parked,

    /// <summary>No longer wanted: the alert was withdrawn or the subscription deleted first.</summary>
    Cancelled,
}

/// <summary>One attempt at a delivery.</summary>
internal sealed class DeliveryAttempt
{
    public long Id { get; init; }
    public required Guid DeliveryId { get; init; }
    public required Guid SubscriptionId { get; init; }
    public required int Number { get; init; }

    /// <summary>Scheme, host and port; what follows may hold a council's token.</summary>
    public required string Endpoint { get; init; }

    public required DateTimeOffset At { get; init; }
    public required int DurationMs { get; init; }
    public required AttemptOutcome Outcome { get; init; }
    public int? Status { get; init; }
    public DateTimeOffset? NextAttemptAt { get; init; }
}
