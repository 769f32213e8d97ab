using Safeguarding.Contracts.Encounters;

namespace Safeguarding.EncounterIngest.Fhir;

/// <summary>When the encounter was, as the sender wrote it and as a moment.</summary>
internal readonly record struct ReadPeriod(
    string? Start,
    string? End,
    DateTimeOffset? StartedAt,
    DateTimeOffset? EndedAt
)
{
    private static readonly TimeSpan FurthestPlanned = TimeSpan.FromDays(2 * 366);
    private static readonly TimeSpan FurthestStarted = TimeSpan.FromDays(1);

    public static ReadPeriod Read(FhirElement encounter, EncounterStatus status, DateTimeOffset now, Findings findings)
    {
        var period = encounter.Child("period");
        var start = Moment(period?.Child("start"), findings);
        var end = Moment(period?.Child("end"), findings);
        if (start is { } from && end is { } to && to.Latest < from.At)
            findings.Refuse(IssueKind.PeriodEndBeforeStart, period!.Child("end"));
        if (start is { } started)
        {
            if (started.At.Year < 1900)
                findings.Refuse(IssueKind.EncounterTooEarly, period!.Child("start"));
            var furthest = status == EncounterStatus.Planned ? FurthestPlanned : FurthestStarted;
            if (started.At > now + furthest)
                findings.Refuse(IssueKind.EncounterInFuture, period!.Child("start"));
        }

        return new ReadPeriod(
            start is null ? null : period!.Text("start"),
            end is null ? null : period!.Text("end"),
            start?.At.ToUniversalTime(),
            end?.At.ToUniversalTime()
        );
    }

    private static FhirTime.Moment? Moment(FhirElement? element, Findings findings)
    {
        if (element?.Value is not { } text)
            return null;
        if (FhirTime.TryMoment(text, out var moment) is not { } wrong)
            return moment;
        if (wrong == IssueKind.DateTimePartial)
            findings.Warn(wrong, element);
        else
            findings.Refuse(wrong, element);
        return null;
    }
}
