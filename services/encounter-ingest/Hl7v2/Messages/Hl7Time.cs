using System.Globalization;
using Safeguarding.EncounterIngest.Fhir;
using Safeguarding.Hosting;

namespace Safeguarding.EncounterIngest.Hl7v2.Messages;

/// <summary>
/// A time of HL7 v2: <c>YYYYMMDD[HH[MM[SS[.s]]]][±ZZZZ]</c>, by the clocks of London where it does not say its zone.
/// </summary>
/// <param name="At">The moment.</param>
/// <param name="WholeDay">Only the day is said: midnight is what systems write where they know no time.</param>
/// <param name="IsTwice">
/// It is in the hour that happens twice in autumn: the first of both is taken, and the time puts nothing in order.
/// </param>
internal readonly record struct Hl7Time(DateTimeOffset At, bool WholeDay, bool IsTwice)
{
    private static readonly string[] Formats =
    [
        "yyyyMMdd",
        "yyyyMMddHH",
        "yyyyMMddHHmm",
        "yyyyMMddHHmmss",
        "yyyyMMddHHmmss.FFFFFFF",
    ];

    /// <summary>Whether versions can be put in order by it.</summary>
    public bool IsClock => !WholeDay && !IsTwice;

    /// <summary>As FHIR writes it.</summary>
    public string Fhir =>
        WholeDay
            ? UkTime.Day(At).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)
            : At.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);

    /// <summary>Reads a text; the reason where it is not such a time.</summary>
    public static IssueKind? TryRead(string text, out Hl7Time time)
    {
        time = default;
        var zone = text.IndexOfAny(['+', '-']);
        var (local, offset) = zone < 0 ? (text, "") : (text[..zone], text[zone..]);
        local = local.Trim();
        if (local.Length is 4 or 6 && local.All(char.IsAsciiDigit))
            return IssueKind.DateTimePartial;
        var isEndOfDay = local.Length >= 12 && local.AsSpan(8, 4) is "2400";
        if (isEndOfDay)
            local = local[..8];
        if (
            !DateTime.TryParseExact(
                local.Length > 22 ? local[..22] : local,
                Formats,
                CultureInfo.InvariantCulture,
                DateTimeStyles.None,
                out var read
            ) || (offset.Length > 0 && Offset(offset) is null)
        )
        {
            return IssueKind.DateTimeInvalid;
        }

        if (isEndOfDay && read < DateTime.MaxValue.Date)
            read = read.AddDays(1);
        var wholeDay = read.TimeOfDay == TimeSpan.Zero;
        if (read.Year < 2)
            return IssueKind.DateTimeInvalid;
        if (Offset(offset) is { } said)
        {
            time = new Hl7Time(new DateTimeOffset(read, said), wholeDay, IsTwice: false);
            return null;
        }

        // The hour that spring leaves out did not happen: clocks that were not put forward showed it.
        if (UkTime.Zone.IsInvalidTime(read))
            read = read.AddHours(1);
        var isTwice = UkTime.Zone.IsAmbiguousTime(read);
        var london = isTwice ? UkTime.Zone.GetAmbiguousTimeOffsets(read).Max() : UkTime.Zone.GetUtcOffset(read);
        time = new Hl7Time(new DateTimeOffset(read, london), wholeDay, isTwice);
        return null;
    }

    /// <summary>
    /// A day such as that of a birth: the first eight characters, never through a zone, which would move it.
    /// </summary>
    public static DateOnly? Day(string text) =>
        text.Length >= 8
        && DateOnly.TryParseExact(
            text.AsSpan(0, 8),
            "yyyyMMdd",
            CultureInfo.InvariantCulture,
            DateTimeStyles.None,
            out var day
        )
            ? day
            : null;

    private static TimeSpan? Offset(string text) =>
        text.Length == 5
        && text.AsSpan(1).IndexOfAnyExceptInRange('0', '9') < 0
        && new TimeSpan(
            int.Parse(text.AsSpan(1, 2), CultureInfo.InvariantCulture),
            int.Parse(text.AsSpan(3, 2), CultureInfo.InvariantCulture),
            0
        )
            is var offset
        && offset <= TimeSpan.FromHours(14)
            ? text[0] == '-'
                ? -offset
                : offset
            : null;
}
