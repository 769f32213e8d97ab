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

    public static ReadPeriod Read(FhirElement encounter, EncounterStatus status, DateTimeOffset now, Issues issues)
    {
        var period = encounter.Child("period");
        var start = Moment(period?.Child("start"), issues);
        var end = Moment(period?.Child("end"), issues);
        if (start is { } from && end is { } to && to.Latest < from.At)
            issues.Refuse(IssueKind.PeriodEndBeforeStart, period!.Child("end"));
        if (start is { } started)
        {
            if (started.At.Year < 1900)
                issues.Refuse(IssueKind.EncounterTooEarly, period!.Child("start"));
            var furthest = status == EncounterStatus.Planned ? FurthestPlanned : FurthestStarted;
            if (started.At > now + furthest)
                issues.Refuse(IssueKind.EncounterInFuture, period!.Child("start"));
        }

        return new ReadPeriod(
            start is null ? null : period!.Text("start"),
            end is null ? null : period!.Text("end"),
            start?.At.ToUniversalTime(),
            end?.At.ToUniversalTime()
        );
    }

    private static FhirTime.Moment? Moment(FhirElement? element, Issues issues)
    {
        if (element?.Value is not { } text)
            return null;
        if (FhirTime.TryMoment(text, out var moment) is not { } wrong)
            return moment;
        if (wrong == IssueKind.DateTimePartial)
            issues.Warn(wrong, element);
        else
            issues.Refuse(wrong, element);
        return null;
    }
}
