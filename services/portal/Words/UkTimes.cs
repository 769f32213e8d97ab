using System.Globalization;
using Safeguarding.Hosting;

namespace Safeguarding.Portal.Words;

/// <summary>Times as people here say them, by the clocks of London.</summary>
internal static class UkTimes
{
    private static readonly CultureInfo British = CultureInfo.GetCultureInfo("en-GB");

    /// <summary>Such as <c>today, 14:02 (UK time)</c>.</summary>
    public static string InWords(DateTimeOffset at, DateTimeOffset now) => $"{WithoutZone(at, now)} (UK time)";

    /// <summary>For a column whose heading says the zone.</summary>
    public static string WithoutZone(DateTimeOffset at, DateTimeOffset now) =>
        $"{DayInWords(UkTime.Day(at), UkTime.Day(now))}, {UkTime.Local(at).ToString("HH:mm", British)}";

    /// <summary>Of what is shown to the day only.</summary>
    public static string DayInWords(DateTimeOffset at, DateTimeOffset now) =>
        DayInWords(UkTime.Day(at), UkTime.Day(now));

    /// <summary>Such as <c>3 March 2026</c>.</summary>
    public static string Date(DateOnly day) => day.ToString("d MMMM yyyy", British);

    /// <summary>Such as <c>3 March 2026, 14:02 (UK time)</c>: for what is printed or kept.</summary>
    public static string DateAndTime(DateTimeOffset at) =>
        $"{Date(UkTime.Day(at))}, {UkTime.Local(at).ToString("HH:mm", British)} (UK time)";

    /// <summary>For programs: the attribute <c>datetime</c>.</summary>
    public static string Exact(DateTimeOffset at) => at.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);

    private static string DayInWords(DateOnly day, DateOnly today) =>
        day == today ? "today"
        : day == today.AddDays(-1) ? "yesterday"
        : day == today.AddDays(1) ? "tomorrow"
        : Date(day);
}
