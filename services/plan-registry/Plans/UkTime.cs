namespace Safeguarding.PlanRegistry.Plans;

/// <summary>The day it is where the plans are.</summary>
internal static class UkTime
{
    private static readonly TimeZoneInfo London = TimeZoneInfo.FindSystemTimeZoneById("Europe/London");

    public static DateOnly Today(this TimeProvider clock) => Day(clock.GetUtcNow());

    public static DateOnly Day(DateTimeOffset at) =>
        DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(at, London).DateTime);
}
