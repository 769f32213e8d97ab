namespace Safeguarding.Contracts.Councils;

/// <summary>
/// A council's contacts or hours are new or changed; carries all of them. Sent by plan-registry; notification listens.
/// </summary>
/// <remarks>
/// Source of the two telephone numbers: CP-IS, which gives both to the NHS user (in NHS England's CP-IS FHIR guide
/// <c>CareTeam.telecom</c> of use <c>work</c> and <c>mobile</c>).
/// </remarks>
/// <param name="CouncilCode">GSS code (Office for National Statistics), such as <c>E09000012</c>.</param>
/// <param name="Version">Grows with every change.</param>
/// <param name="Name">The council's name.</param>
/// <param name="OfficePhone">Telephone in office hours.</param>
/// <param name="EmergencyDutyPhone">Telephone of the emergency duty team.</param>
/// <param name="OfficeHours">When the office is open, Europe/London; days not named are closed.</param>
/// <param name="BankHolidays">Days on which the emergency duty team answers all day.</param>
[Event("plan-registry", "notification")]
public sealed record CouncilContactChanged(
    string CouncilCode,
    long Version,
    string Name,
    string OfficePhone,
    string EmergencyDutyPhone,
    IReadOnlyList<OfficeHours> OfficeHours,
    IReadOnlyList<DateOnly> BankHolidays
);

/// <summary>Office hours on one weekday, Europe/London local time.</summary>
/// <param name="Day">The weekday.</param>
/// <param name="Opens">Opening time.</param>
/// <param name="Closes">Closing time, after <paramref name="Opens"/>.</param>
public sealed record OfficeHours(DayOfWeek Day, TimeOnly Opens, TimeOnly Closes);
