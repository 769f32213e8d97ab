using Safeguarding.Contracts.Councils;

namespace Safeguarding.PlanRegistry.Domain.Councils;

/// <summary>How a council is reached.</summary>
internal sealed class Council
{
    public required string Code { get; init; }
    public required Guid Id { get; init; }
    public long Version { get; set; }
    public string Name { get; set; } = "";
    public string OfficePhone { get; set; } = "";
    public string EmergencyDutyPhone { get; set; } = "";
    public IReadOnlyList<OfficeHours> OfficeHours { get; set; } = [];
    public DateOnly[] BankHolidays { get; set; } = [];
    public DateTimeOffset ChangedAt { get; set; }
}
