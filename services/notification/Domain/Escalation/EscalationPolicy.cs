namespace Safeguarding.Notification.Domain.Escalation;

/// <summary>A council's escalation document as it stands.</summary>
internal sealed class EscalationPolicy
{
    public required string CouncilCode { get; init; }
    public required Guid Id { get; init; }
    public long Version { get; set; }
    public required EscalationDocument Document { get; set; }
    public DateTimeOffset ChangedAt { get; set; }
}
