using Safeguarding.Contracts;
using Safeguarding.Contracts.Matches;

namespace Safeguarding.Notification.Domain.Grouping;

/// <summary>
/// That a child on a plan was seen: kept for 12 months to count by, without personal data (the site is sealed). One row
/// for each plan that the encounter matched. The mother's attendances under an unborn child's plan are counted apart
/// from the child's.
/// </summary>
internal sealed class PlanAttendance
{
    public required string CouncilCode { get; init; }
    public required Guid PlanId { get; init; }
    public required MatchRole Role { get; init; }
    public required Guid EncounterId { get; init; }
    public required DateTimeOffset At { get; init; }
    public required string SiteKeyId { get; init; }
    public required byte[] SiteValue { get; init; }
    public required bool LeftBeforeSeen { get; init; }
    public required Guid AlertId { get; init; }
}

/// <summary>An ODS code as it is sealed beside an attendance.</summary>
[SealedAs("Safeguarding.Notification.Noise.AttendedSite")]
internal sealed record AttendedSite(string? Ods)
{
    public override string ToString() => nameof(AttendedSite);
}
