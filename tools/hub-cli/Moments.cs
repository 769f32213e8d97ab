using System.Globalization;

namespace Safeguarding.Cli;

/// <summary>Times and spans as operators type them.</summary>
internal static class Moments
{
    /// <summary>A point in time, or how long ago: <c>2026-11-25T06:00Z</c>, <c>90m</c>, <c>6h</c>, <c>2d</c>.</summary>
    public static DateTimeOffset Point(string option, string text, DateTimeOffset now) =>
        Parse(text) is { } ago ? now - ago
        : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time.ToUniversalTime()
        : throw RefusedException.Misused(
            $"{option} wants a time, as 2026-11-25T06:00Z, or how long ago, as 90m, 6h or 2d; it was \"{text}\"."
        );

    /// <summary>A number of minutes, hours or days.</summary>
    public static TimeSpan Span(string option, string text, TimeSpan longest) =>
        Parse(text) is { } span && span <= longest
            ? span
            : throw RefusedException.Misused(
                $"{option} wants a number of minutes, hours or days, at most {longest.TotalDays:0} days: 30m, 12h, 7d."
            );

    public static string Age(TimeSpan age) =>
        age.TotalHours >= 48 ? $"{age.TotalDays:0} d"
        : age.TotalMinutes >= 120 ? $"{age.TotalHours:0} h"
        : age.TotalSeconds >= 120 ? $"{age.TotalMinutes:0} min"
        : $"{Math.Max(0, age.TotalSeconds):0} s";

    private static TimeSpan? Parse(string text) =>
        text.Length > 1 && int.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? text[^1] switch
            {
                'm' => TimeSpan.FromMinutes(number),
                'h' => TimeSpan.FromHours(number),
                'd' => TimeSpan.FromDays(number),
                _ => null,
            }
            : null;
}
