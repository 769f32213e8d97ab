namespace Safeguarding.Matching.Rules.Traits;

/// <summary>
/// A birth date as it was written. It need not be a date of the calendar: the 31st of a short month or a thirteenth
/// month is one slip away from the right one, and that still says something.
/// </summary>
/// <param name="Year">Four digits.</param>
/// <param name="Month">As written, 0 to 99.</param>
/// <param name="Day">As written, 0 to 99.</param>
public readonly record struct BirthDate(int Year, int Month, int Day)
{
    /// <summary>The date with day and month swapped.</summary>
    public BirthDate Swapped => new(Year, Day, Month);

    /// <summary>1 January is what systems write when only the year is known.</summary>
    public bool IsDefault => Month == 1 && Day == 1;

    /// <summary>True where the calendar has it.</summary>
    public bool IsReal =>
        Year is >= 1 and <= 9999 && Month is >= 1 and <= 12 && Day >= 1 && Day <= DateTime.DaysInMonth(Year, Month);

    /// <summary>Reads a real date.</summary>
    public static BirthDate From(DateOnly date) => new(date.Year, date.Month, date.Day);

    /// <summary>The days since a fixed day; null where the calendar does not have it.</summary>
    public int? DayNumber => IsReal ? new DateOnly(Year, Month, Day).DayNumber : null;

    /// <summary>Never the content.</summary>
    public override string ToString() => nameof(BirthDate);
}
