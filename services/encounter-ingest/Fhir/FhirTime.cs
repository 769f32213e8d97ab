using System.Globalization;

namespace Safeguarding.EncounterIngest.Fhir;

/// <summary>FHIR's date, dateTime and instant: dates of three lengths, and times that must say their offset.</summary>
internal static class FhirTime
{
    private static readonly TimeZoneInfo England = TimeZoneInfo.FindSystemTimeZoneById("Europe/London");

    /// <summary>A time that was read, and whether only its day was said.</summary>
    public readonly record struct Moment(DateTimeOffset At, bool WholeDay)
    {
        public DateTimeOffset Latest => WholeDay ? At.AddDays(1).AddTicks(-1) : At;
    }

    public static DateOnly TodayInEngland(DateTimeOffset now) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, England).DateTime);

    /// <summary>A whole date, or why it is none.</summary>
    public static IssueKind? TryDate(string text, out DateOnly date)
    {
        date = default;
        if (IsPartial(text))
            return IssueKind.DateTimePartial;
        return DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out date) ? null : IssueKind.BirthDateInvalid;
    }

    public static IssueKind? TryMoment(string text, out Moment moment)
    {
        moment = default;
        if (IsPartial(text))
            return IssueKind.DateTimePartial;
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
        {
            var midnight = day.ToDateTime(TimeOnly.MinValue);
            moment = new Moment(new DateTimeOffset(midnight, England.GetUtcOffset(midnight)), WholeDay: true);
            return null;
        }

        if (text.Length is < 19 or > 40 || text[10] != 'T')
            return IssueKind.DateTimeInvalid;
        var zone = text.AsSpan(19).IndexOfAny('Z', '+', '-');
        if (zone < 0)
            return IssueKind.DateTimeWithoutZone;
        var (time, fraction, offset) = (text[..19], text[19..(19 + zone)], text[(19 + zone)..]);
        // FHIR allows more digits of a second than .NET holds, and a leap second, which no clock here can hold.
        if (fraction is not "" && (fraction[0] != '.' || fraction.Length == 1 || fraction.AsSpan(1).ContainsAnyExceptInRange('0', '9')))
            return IssueKind.DateTimeInvalid;
        if (time.EndsWith(":60", StringComparison.Ordinal))
            time = string.Concat(time.AsSpan(0, 17), "59");
        var parsable = time + (fraction.Length > 8 ? fraction[..8] : fraction) + offset;
        if (!DateTimeOffset.TryParseExact(parsable, "yyyy-MM-ddTHH:mm:ss.FFFFFFFK", CultureInfo.InvariantCulture, DateTimeStyles.None, out var at))
            return IssueKind.DateTimeInvalid;
        moment = new Moment(at, WholeDay: false);
        return null;
    }

    /// <summary>Whether the period of a name, an address or an identifier is over.</summary>
    public static bool HasEnded(FhirElement element, DateTimeOffset now) =>
        element.Child("period")?.Text("end") is { } end && TryMoment(end, out var moment) is null && moment.Latest < now;

    private static bool IsPartial(string text) =>
        text.Length is 4 or 7
        && DateOnly.TryParseExact(text.Length == 4 ? text + "-01-01" : text + "-01", "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _);
}
