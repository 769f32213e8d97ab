namespace Safeguarding.Notification.Domain.Alerts;

/// <summary>A line in an alert's history. Lines are added and never changed.</summary>
internal sealed class AlertEntry
{
    public required Guid Id { get; init; }
    public required Guid AlertId { get; init; }
    public required DateTimeOffset At { get; init; }
    public required AlertEventType EventType { get; init; }

    /// <summary>Which version of the alert it is about.</summary>
    public required long Version { get; init; }

    public required ActorKind ByKind { get; init; }
    public string? By { get; init; }

    /// <summary>The subscription it went through, for what deliveries did.</summary>
    public string? Subscription { get; init; }

    /// <summary>A reason or a change; codes, no personal data. Of a note or hand-over what a person wrote.</summary>
    public string? Note { get; init; }

    public static AlertEntry Of(
        Alert alert,
        AlertEventType eventType,
        DateTimeOffset now,
        Actor? by = null,
        string? note = null,
        long? version = null
    ) =>
        new()
        {
            Id = Guid.CreateVersion7(now),
            AlertId = alert.Id,
            At = now,
            EventType = eventType,
            Version = version ?? alert.Version,
            ByKind = by?.Kind ?? ActorKind.Hub,
            By = by?.Name,
            Note = note,
        };
}

/// <summary>What can happen to an alert.</summary>
internal enum AlertEventType
{
    Raised,
    Amended,
    Withdrawn,

    /// <summary>Withdrawn before a delivery was tried: it will not be.</summary>
    DeliveryCancelled,

    Read,

    /// <summary>Where and when of a restricted child's alert was read.</summary>
    PlaceRead,
    Claimed,
    Delivered,
    DeliveryParked,

    /// <summary>One channel would not take it, so it goes to the council's next.</summary>
    DeliveryOffered,
    DeliveryReplayed,
    Acknowledged,
    Refused,

    /// <summary>Somebody of the council wrote a note, which the note holds.</summary>
    Noted,

    /// <summary>Handed to a colleague or the emergency duty team; the note says to whom.</summary>
    HandedOver,

    /// <summary>Nobody has taken it in the time the council set.</summary>
    Overdue,

    /// <summary>One of the council's steps was taken, because nobody took the alert.</summary>
    Escalated,

    /// <summary>Steps that were ahead will not be taken.</summary>
    EscalationStopped,

    /// <summary>
    /// While the alert was open a person looked the child up in unscheduled care. The note has organisation and role.
    /// </summary>
    LookedUp,
}
