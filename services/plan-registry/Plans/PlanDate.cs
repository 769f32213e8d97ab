using System.Globalization;

namespace Safeguarding.PlanRegistry.Plans;

/// <summary>Reads <c>2026-10-31</c> and <c>31/10/2026</c>. Anything that could mean two days is refused.</summary>
internal static class PlanDate
{
    public static DateOnly? Read(string? raw, PlanField field, Faults faults)
    {
        var text = raw?.Trim();
        if (string.IsNullOrEmpty(text))
            return null;
        var format = text.Length == 10 && text[2] == '/' ? "dd/MM/yyyy" : "yyyy-MM-dd";
        if (DateOnly.TryParseExact(text, format, CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) && date.Year is >= 1900 and <= 2200)
            return date;
        faults.Add(field, "date-format", "Write the date as 2026-10-31 or 31/10/2026: four-digit year, two-digit day and month, no time.");
        return null;
    }
}
