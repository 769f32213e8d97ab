using Safeguarding.Contracts.Councils;

namespace Safeguarding.Hosting.Hours;

/// <summary>
/// Whether a council's office is open. An instant has one local time in Europe/London, so neither change of the clocks
/// is a special case: the hour that comes twice in October is out of hours twice, and the one that is left out in March
/// has no instant.
/// </summary>
public static class OfficeDay
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

    /// <summary>Whether it is open at an instant.</summary>
    /// <param name="calendar">The council's; null where it has given none.</param>
    /// <param name="england">Days on which every office is closed.</param>
    /// <param name="at">The instant.</param>
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

/// <summary>When a council's office is open, Europe/London.</summary>
/// <param name="OfficeHours">By weekday; days not named are closed. Empty where the council has given none.</param>
/// <param name="BankHolidays">Days on which it is closed beside those of England.</param>
public sealed record CouncilCalendar(IReadOnlyList<OfficeHours> OfficeHours, IReadOnlyList<DateOnly> BankHolidays);
