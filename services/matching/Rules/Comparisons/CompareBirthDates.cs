using System.Globalization;
using Safeguarding.Matching.Rules.Model;
using Safeguarding.Matching.Rules.Traits;

namespace Safeguarding.Matching.Rules.Comparisons;

/// <summary>Compares birth dates, and a newborn's birth date with an expected one.</summary>
internal static class CompareBirthDates
{
    private const int DaysBefore = 84;
    internal const int DaysAfter = 21;

    // Nobody is a child on a plan at eighteen (Children Act 1989, section 105), so that two so far apart are parent and
    // child.
    private const int Generation = 18;
    private const int YearsOff = 2;

    public static Observation? Between(BirthDate? patient, BirthDate? registered, Population population)
    {
        if (patient is not { } ours || registered is not { } theirs)
            return null;
        var level = LevelOf(ours, theirs);
        var share = level == "equal" ? population.ShareOf("birthDate", Text(ours)) : null;
        // Two of whom only the year is known agree on 1 January because systems write it, unless it is known how many
        // do.
        return new("birthDate", level == "equal" && ours.IsDefault && share is null ? "yearOnly" : level, share);
    }

    public static Observation? WithExpected(BirthDate? born, DateOnly expected) =>
        born is not { } date ? null : new("expectedDate", InWindow(date, expected) ? "inWindow" : "different");

    public static bool InWindow(BirthDate born, DateOnly expected) =>
        born.DayNumber is { } day && day >= expected.DayNumber - DaysBefore && day <= expected.DayNumber + DaysAfter;

    public static string Text(BirthDate date) =>
        string.Create(CultureInfo.InvariantCulture, $"{date.Year:D4}{date.Month:D2}{date.Day:D2}");

    private static string LevelOf(BirthDate ours, BirthDate theirs)
    {
        if (ours == theirs)
            return "equal";
        var years = Math.Abs(ours.Year - theirs.Year);
        if (years >= Generation)
            return "generation";
        // Both are what is written where the year alone is known, and an age that was assessed again is a year or two
        // off.
        if (ours.IsDefault && theirs.IsDefault)
            return years <= YearsOff ? "yearOnly" : "different";
        if (ours.Swapped == theirs)
            return "swapped";
        if (ours.DayNumber - theirs.DayNumber is 1 or -1)
            return "dayApart";
        var digits = DigitsApart(ours, theirs);
        if (digits == 1 || (digits == 2 && NeighboursSwapped(ours, theirs)))
            return "oneDigit";
        if (years > YearsOff)
            return "different";
        var parts =
            (ours.Year == theirs.Year ? 1 : 0)
            + (ours.Month == theirs.Month ? 1 : 0)
            + (ours.Day == theirs.Day ? 1 : 0);
        if (parts == 2)
            return "twoParts";
        if (digits == 2)
            return "twoDigits";
        return ours.Year == theirs.Year && (ours.IsDefault || theirs.IsDefault) ? "yearOnly" : "different";
    }

    private static int DigitsApart(BirthDate ours, BirthDate theirs)
    {
        var apart = 0;
        for (int left = Digits(ours), right = Digits(theirs); left > 0 || right > 0; left /= 10, right /= 10)
            apart += left % 10 == right % 10 ? 0 : 1;
        return apart;
    }

    private static bool NeighboursSwapped(BirthDate ours, BirthDate theirs)
    {
        for (int left = Digits(ours), right = Digits(theirs); left > 0; left /= 10, right /= 10)
        {
            if (left % 10 != right % 10)
                return left % 10 == right / 10 % 10 && left / 10 % 10 == right % 10;
        }

        return false;
    }

    private static int Digits(BirthDate date) => (date.Year * 10000) + (date.Month * 100) + date.Day;
}
