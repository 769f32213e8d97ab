using System.Globalization;
using System.Text.RegularExpressions;
using Safeguarding.Hosting;

namespace Safeguarding.EncounterIngest.Fhir;

/// <summary>FHIR's date, dateTime and instant: dates of three lengths, and times that must say their offset.</summary>
internal static partial class FhirTime
{
    /// <summary>A time that was read, and whether only its day was said.</summary>
    public readonly record struct Moment(DateTimeOffset At, bool WholeDay)
    {
        public DateTimeOffset Latest => WholeDay ? At.AddDays(1).AddTicks(-1) : At;
    }

    /// <summary>A whole date, or why it is none.</summary>
    public static IssueKind? TryDate(string text, out DateOnly date)
    {
        date = default;
        if (IsPartial(text))
            return IssueKind.DateTimePartial;
        return DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out date)
            ? null
            : IssueKind.BirthDateInvalid;
    }

    public static IssueKind? TryMoment(string text, out Moment moment)
    {
        moment = default;
        if (IsPartial(text))
            return IssueKind.DateTimePartial;
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
        {
            var midnight = day.ToDateTime(TimeOnly.MinValue);
            moment = new Moment(new DateTimeOffset(midnight, UkTime.Zone.GetUtcOffset(midnight)), WholeDay: true);
            return null;
        }

        if (!DateTime().IsMatch(text))
        {
            return WithoutSeconds().IsMatch(text) ? IssueKind.DateTimeWithoutSeconds
                : WithoutZone().IsMatch(text) ? IssueKind.DateTimeWithoutZone
                : IssueKind.DateTimeInvalid;
        }

        var zone = text.AsSpan(19).IndexOfAny('Z', '+', '-');
        var (time, fraction, offset) = (text[..19], text[19..(19 + zone)], text[(19 + zone)..]);
        // FHIR allows more digits of a second than .NET holds, and a leap second, which no clock here can hold.
        if (time.EndsWith(":60", StringComparison.Ordinal))
            time = string.Concat(time.AsSpan(0, 17), "59");
        var parsable = time + (fraction.Length > 8 ? fraction[..8] : fraction) + offset;
        if (
            !DateTimeOffset.TryParseExact(
                parsable,
                "yyyy-MM-ddTHH:mm:ss.FFFFFFFK",
                CultureInfo.InvariantCulture,
                DateTimeStyles.None,
                out var at
            )
        )
        {
            return IssueKind.DateTimeInvalid;
        }

        moment = new Moment(at, WholeDay: false);
        return null;
    }

    /// <summary>An instant: a whole time, never a day alone.</summary>
    public static IssueKind? TryInstant(string text, out DateTimeOffset at)
    {
        var wrong = TryMoment(text, out var moment);
        at = moment.At;
        return wrong ?? (moment.WholeDay ? IssueKind.DateTimeInvalid : null);
    }

    /// <summary>Whether the period of a name, an address or an identifier is over.</summary>
    public static bool HasEnded(FhirElement element, DateTimeOffset now) =>
        element.Child("period")?.Text("end") is { } end
        && TryMoment(end, out var moment) is null
        && moment.Latest < now;

    private static bool IsPartial(string text) =>
        text.Length is 4 or 7
        && DateOnly.TryParseExact(
            text.Length == 4 ? text + "-01-01" : text + "-01",
            "yyyy-MM-dd",
            CultureInfo.InvariantCulture,
            DateTimeStyles.None,
            out _
        );

    // R4's own expression for a dateTime with a time.
    [GeneratedRegex(
        @"\A[0-9]{4}-[0-9]{2}-[0-9]{2}T([01][0-9]|2[0-3]):[0-5][0-9]:([0-5][0-9]|60)(\.[0-9]{1,20})?(Z|[+-]((0[0-9]|1[0-3]):[0-5][0-9]|14:00))\z"
    )]
    private static partial Regex DateTime();

    [GeneratedRegex(@"\A[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(Z|[+-][0-9]{2}:?[0-9]{2})?\z")]
    private static partial Regex WithoutSeconds();

    [GeneratedRegex(@"\A[0-9]{4}-[0-9]{2}-[0-9]{2}T([01][0-9]|2[0-3]):[0-5][0-9]:([0-5][0-9]|60)(\.[0-9]{1,20})?\z")]
    private static partial Regex WithoutZone();
}
