namespace Safeguarding.Matching.Rules.Comparisons;

/// <summary>Compares birth dates, and a newborn's birth date with an expected one.</summary>
internal static class CompareBirthDates
{
    private const int DaysBefore = 84;
    private const int DaysAfter = 21;

    public static Observation? Of(DateOnly? patient, DateOnly? registered)
    {
        if (patient is not { } ours || registered is not { } theirs)
            return null;
        return new("birthDate", LevelOf(ours, theirs));
    }

    public static Observation? WithExpected(DateOnly? born, DateOnly expected) => born is not { } date
        ? null
        : new("expectedDate", InWindow(date, expected) ? "inWindow" : "different");

    public static bool InWindow(DateOnly born, DateOnly expected) =>
        born.DayNumber >= expected.DayNumber - DaysBefore && born.DayNumber <= expected.DayNumber + DaysAfter;

    private static string LevelOf(DateOnly ours, DateOnly theirs)
    {
        if (ours == theirs)
            return "equal";
        if (ours.Year == theirs.Year && ours.Day == theirs.Month && ours.Month == theirs.Day)
            return "swapped";
        if (Math.Abs(ours.DayNumber - theirs.DayNumber) == 1)
            return "dayApart";
        if (DigitsApart(ours, theirs) == 1)
            return "oneDigit";
        var parts = (ours.Year == theirs.Year ? 1 : 0) + (ours.Month == theirs.Month ? 1 : 0) + (ours.Day == theirs.Day ? 1 : 0);
        if (parts == 2)
            return "twoParts";
        // 1 January is what systems write when only the year is known.
        return ours.Year == theirs.Year && (IsDefault(ours) || IsDefault(theirs)) ? "yearOnly" : "different";
    }

    private static bool IsDefault(DateOnly date) => date is { Month: 1, Day: 1 };

    private static int DigitsApart(DateOnly ours, DateOnly theirs)
    {
        var left = (ours.Year * 10000) + (ours.Month * 100) + ours.Day;
        var right = (theirs.Year * 10000) + (theirs.Month * 100) + theirs.Day;
        var apart = 0;
        for (; left > 0 || right > 0; left /= 10, right /= 10)
            apart += left % 10 == right % 10 ? 0 : 1;
        return apart;
    }
}
