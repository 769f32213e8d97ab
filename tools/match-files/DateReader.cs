using Safeguarding.Matching.Rules.Traits;

namespace Safeguarding.MatchFiles;

/// <summary>
/// Reads the dates of one column in the usual forms: 20170309, 2017-03-09, 09/03/2017, 3/9/17, 9 Mar 2017. Whether the
/// day or the month stands first is told from the whole column, never row by row.
/// </summary>
internal sealed class DateReader
{
    private static readonly string[] Months =
    [
        "JAN",
        "FEB",
        "MAR",
        "APR",
        "MAY",
        "JUN",
        "JUL",
        "AUG",
        "SEP",
        "OCT",
        "NOV",
        "DEC",
    ];

    private readonly bool _monthFirst;
    private readonly bool _packedYearLast;

    public DateReader(IEnumerable<string> column)
    {
        int dayFirst = 0,
            monthFirst = 0,
            yearFirst = 0,
            yearLast = 0;
        foreach (var text in column)
        {
            var parts = Parts(text, out var named);
            if (parts is [var only] && only.Length == 8)
            {
                yearFirst +=
                    only.StartsWith("19", StringComparison.Ordinal) || only.StartsWith("20", StringComparison.Ordinal)
                        ? 1
                        : 0;
                yearLast += only.AsSpan(4, 2) is "19" or "20" ? 1 : 0;
                continue;
            }

            if (
                named
                || parts.Count != 3
                || parts[0].Length > 2
                || !int.TryParse(parts[0], out var first)
                || !int.TryParse(parts[1], out var second)
            )
            {
                continue;
            }

            dayFirst += first is > 12 and <= 31 ? 1 : 0;
            monthFirst += second is > 12 and <= 31 ? 1 : 0;
        }

        _monthFirst = monthFirst > dayFirst;
        _packedYearLast = yearLast > yearFirst;
    }

    public BirthDate? Read(string text)
    {
        var parts = Parts(text, out _);
        if (parts is [{ Length: 8 } packed] && packed.All(char.IsAsciiDigit))
        {
            return _packedYearLast
                ? InOrder(packed[..2], packed[2..4], packed[4..])
                : From(packed[..4], packed[4..6], packed[6..]);
        }

        if (parts.Count < 3)
            return null;
        return parts[0].Length == 4 ? From(parts[0], parts[1], parts[2]) : InOrder(parts[0], parts[1], parts[2]);
    }

    private BirthDate? InOrder(string first, string second, string year) =>
        MonthNamed(first) > 0 || (_monthFirst && MonthNamed(second) == 0)
            ? From(year, first, second)
            : From(year, second, first);

    public static BirthDate? From(string yearText, string monthText, string dayText)
    {
        if (!TryNumber(yearText, out var year) || !TryNumber(dayText, out var day))
            return null;
        var month = MonthNamed(monthText);
        if (month == 0 && !TryNumber(monthText, out month))
            return null;
        if (yearText.Length <= 2)
            year += year > 30 ? 1900 : 2000;
        return year is < 1 or > 9999 || month > 99 || day > 99 ? null : new BirthDate(year, month, day);
    }

    private static bool TryNumber(string text, out int number) =>
        int.TryParse(
            text,
            System.Globalization.NumberStyles.None,
            System.Globalization.CultureInfo.InvariantCulture,
            out number
        );

    private static int MonthNamed(string text) =>
        text.Length < 3 ? 0 : Array.IndexOf(Months, text[..3].ToUpperInvariant()) + 1;

    // A time of day behind the date is cut off with the rest.
    private static List<string> Parts(string text, out bool named)
    {
        var time = text.IndexOf('T', StringComparison.Ordinal);
        if (time > 0 && char.IsAsciiDigit(text[time - 1]))
            text = text[..time];
        var parts = text.Split(
            [' ', '-', '/', '.', ','],
            4,
            StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries
        );
        named = parts.Any(part => part.Length > 0 && char.IsAsciiLetter(part[0]));
        return [.. parts.Take(3)];
    }
}
