using System.Globalization;
using System.Text.RegularExpressions;

namespace Safeguarding.PlanRegistry.Domain.Plans;

/// <summary>
/// Reads dates as people and their programs write them, where they can mean one day only. Anything that could
/// mean two is refused.
/// </summary>
internal static partial class PlanDate
{
    // Two digits each, day first: the British way. Without leading zeros it is what American programs write, and then
    // the month may come first.
    private static readonly string[] Forms =
    [
        "yyyy-MM-dd",
        "dd/MM/yyyy",
        "yyyy/MM/dd",
        "yyyy.MM.dd",
        "yyyy-M-d",
        "yyyy/M/d",
        "dd-MM-yyyy",
        "dd.MM.yyyy",
        "dd MM yyyy",
        "d MMM yyyy",
        "d MMMM yyyy",
        "d-MMM-yyyy",
        "d-MMMM-yyyy",
        "d/MMM/yyyy",
        "d.MMM.yyyy",
        "dMMMyyyy",
        "MMM d yyyy",
        "MMMM d yyyy",
        "yyyy-MMM-d",
        "yyyy MMM d",
    ];

    public static DateOnly? Read(string? raw, PlanField field, ValidationErrors errors)
    {
        if (TypedText.Compact(raw) is not { } text)
            return null;
        if (Exactly(text) is { } plain)
            return plain;
        text = Midnight().Replace(text, "");
        if ((Exactly(text) ?? Exactly(Spoken(text))) is { } date)
            return date;
        if (Digits().Match(text) is { Success: true } parts)
        {
            var (first, second, year) = (Number(parts, 1), Number(parts, 2), parts.Groups[3].Value);
            // A day above 12 is no month, and where both are the same it does not matter.
            if (
                year.Length == 4
                && parts.Groups[1].Length + parts.Groups[2].Length < 4
                && (first > 12 || first == second)
                && Exactly($"{Number(parts, 3):D4}-{second:D2}-{first:D2}") is { } only
            )
            {
                return only;
            }

            if (
                first is >= 1 and <= 31
                && second is >= 1 and <= 31
                && (year.Length == 2 || parts.Groups[1].Length + parts.Groups[2].Length < 4)
            )
            {
                return Ambiguous(field, errors);
            }
        }
        else if (ShortYear().IsMatch(text))
        {
            return Ambiguous(field, errors);
        }

        errors.Add(
            field,
            "date-format",
            "Write the date as 2026-10-31 or 31/10/2026: a day that exists, four-digit year, no time but midnight."
        );
        return null;
    }

    /// <summary>Words such as <c>ongoing</c> or <c>N/A</c>, and zeros: whatever was meant, no day was given.</summary>
    public static bool NamesNoDay(string? raw) =>
        TypedText.Compact(raw) is { } text && !text.Any(c => c is >= '1' and <= '9');

    private static DateOnly? Exactly(string text)
    {
        if (text.Length == 8 && text.All(char.IsAsciiDigit))
        {
            // 20102011 is the 20th of October to one program and no day to another.
            return One(text, "ddMMyyyy") is null ? One(text, "yyyyMMdd") : null;
        }

        return text.Length < 8 ? null : One(text, Forms);
    }

    private static DateOnly? One(string text, params string[] forms) =>
        DateOnly.TryParseExact(text, forms, CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
        && date.Year is >= 1900 and <= 2200
            ? date
            : null;

    private static string Spoken(string text) =>
        Ordinal()
            .Replace(Weekday().Replace(text, ""), "$1")
            .Replace(",", " ", StringComparison.Ordinal)
            .Replace("  ", " ", StringComparison.Ordinal)
            .Replace("Sept ", "Sep ", StringComparison.OrdinalIgnoreCase)
            .Replace(" of ", " ", StringComparison.OrdinalIgnoreCase);

    private static DateOnly? Ambiguous(PlanField field, ValidationErrors errors)
    {
        errors.Add(
            field,
            "date-ambiguous",
            "This can be read as two different days: the day or the month may come first, or the year may be of "
                + "either century. Write it as 2026-10-31 or 31/10/2026."
        );
        return null;
    }

    private static int Number(Match match, int group) =>
        int.Parse(match.Groups[group].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture);

    [GeneratedRegex(
        @"(T| )0?0:00(:00([.,]0+)?)?( ?(Z|\+00:?00))?$| 12:00(:00)? ?AM$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
    )]
    private static partial Regex Midnight();

    [GeneratedRegex(@"^(\d{1,2})[/. -](\d{1,2})[/. -](\d{4}|\d{2})$")]
    private static partial Regex Digits();

    [GeneratedRegex(@"^\d{1,2}[/. -]?[A-Z]{3,9}[/. -]?\d{2}$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex ShortYear();

    [GeneratedRegex(
        "^(mon|tue|tues|wed|thu|thur|thurs|fri|sat|sun|wednes|satur)(day)?[, ]+",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
    )]
    private static partial Regex Weekday();

    [GeneratedRegex(@"\b(\d{1,2})(st|nd|rd|th)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Ordinal();
}
