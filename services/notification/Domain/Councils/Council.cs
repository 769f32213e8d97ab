using Safeguarding.Hosting.Hours;

namespace Safeguarding.Notification.Domain.Councils;

/// <summary>A council as its alerts name it.</summary>
internal sealed class Council
{
    public required string Code { get; init; }
    public long Version { get; set; }
    public required string Name { get; set; }
    public required string OfficePhone { get; set; }
    public required string EmergencyDutyPhone { get; set; }

    /// <summary>Office hours and bank holidays, Europe/London, as the plan registry sent them.</summary>
    public required CouncilCalendar Calendar { get; set; }
}
