namespace Safeguarding.Hosting;

/// <summary>
/// The time where the children are: a day of a plan, of an office or of a birth is a day in
/// Europe/London.
/// </summary>
public static class UkTime
{
    /// <summary>The time zone Europe/London.</summary>
    public static TimeZoneInfo Zone { get; } = TimeZoneInfo.FindSystemTimeZoneById("Europe/London");

    /// <summary>An instant by the clocks there, with their offset.</summary>
    /// <param name="at">The instant.</param>
    public static DateTimeOffset Local(DateTimeOffset at) => TimeZoneInfo.ConvertTime(at, Zone);

    /// <summary>The day on which an instant falls there.</summary>
    /// <param name="at">The instant.</param>
    public static DateOnly Day(DateTimeOffset at) => DateOnly.FromDateTime(Local(at).DateTime);

    /// <summary>The first moment, in UTC, of the day that it was there, where only the day may be shown.</summary>
    /// <param name="at">The instant.</param>
    public static DateTimeOffset DayOnly(this DateTimeOffset at) =>
        new(Day(at).ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);

    /// <summary>The day that it is there now.</summary>
    /// <param name="clock">The clock.</param>
    public static DateOnly Today(this TimeProvider clock) => Day(clock.GetUtcNow());
}
