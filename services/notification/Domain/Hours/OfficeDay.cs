using Safeguarding.Contracts.Councils;
using Safeguarding.Hosting;
using Safeguarding.Notification.Domain.Councils;

namespace Safeguarding.Notification.Domain.Hours;

/// <summary>
/// Whether a council's office is open. An instant has one local time in Europe/London, so neither change of the clocks
/// is a special case: the hour that comes twice in October is out of hours twice, and the one that is left out in March
/// has no instant.
/// </summary>
internal static class OfficeDay
{
    /// <summary>For a council that has given no hours.</summary>
    private static readonly IReadOnlyList<OfficeHours> Usual =
    [
        .. new[]
        {
            DayOfWeek.Monday,
            DayOfWeek.Tuesday,
            DayOfWeek.Wednesday,
            DayOfWeek.Thursday,
            DayOfWeek.Friday,
        }.Select(day => new OfficeHours(day, new TimeOnly(9, 0), new TimeOnly(17, 0))),
    ];

    public static bool IsOpen(CouncilCalendar? calendar, BankHolidays england, DateTimeOffset at)
    {
        var local = UkTime.Local(at);
        var (day, time) = (DateOnly.FromDateTime(local.DateTime), TimeOnly.FromDateTime(local.DateTime));
        if (england.Include(day) || calendar?.BankHolidays.Contains(day) is true)
            return false;

        var hours = calendar is { OfficeHours: { Count: > 0 } given } ? given : Usual;
        return hours.Any(open => open.Day == day.DayOfWeek && open.Opens <= time && time < open.Closes);
    }
}
