using Safeguarding.Hosting;

namespace Safeguarding.Notification.Domain.Hours;

/// <summary>A time of which only the day may be known.</summary>
internal static class DayOnlyExtensions
{
    /// <summary>The first moment, in UTC, of the day that it was in Europe/London.</summary>
    public static DateTimeOffset DayOnly(this DateTimeOffset at) =>
        new(UkTime.Day(at).ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
}
