using Safeguarding.Contracts.Encounters;
using Safeguarding.EncounterIngest.Fhir;
using Safeguarding.EncounterIngest.Hl7v2.Messages;
using Safeguarding.EncounterIngest.Hl7v2.Senders;

namespace Safeguarding.EncounterIngest.Hl7v2.Mapping;

/// <summary>PV1, EVN and MSH to what a message says of one encounter. Nothing clinical is looked at.</summary>
internal static class ReadVisit
{
    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan FurthestStarted = TimeSpan.FromDays(1);
    private static readonly TimeSpan FurthestPlanned = TimeSpan.FromDays(2 * 366);

    public static VisitChange Read(
        Hl7Message message,
        Segment visit,
        Trigger trigger,
        IReadOnlyList<BusinessIdentifier> identifiers,
        SenderProfile profile,
        DateTimeOffset now,
        Issues issues
    )
    {
        var furthest = trigger.Status == EncounterStatus.Planned ? FurthestPlanned : FurthestStarted;
        var start = Time(visit[44], "PV1-44", now + furthest, issues);
        var end = Time(visit[45], "PV1-45", now + furthest, issues);
        if (start is { } from && end is { } to && to.At < from.At)
        {
            issues.Warn(IssueKind.PeriodEndBeforeStart, "PV1-45");
            end = null;
        }

        var isNoArrival =
            trigger is { Status: EncounterStatus.Arrived }
            && message.At("EVN", 4).Text is { } reason
            && profile.NotArrivals.Contains(reason, StringComparer.OrdinalIgnoreCase);
        var left =
            visit[36].Text is { } disposition
            && profile.LeftBeforeSeen.Contains(disposition, StringComparer.OrdinalIgnoreCase);
        return new VisitChange
        {
            Trigger = isNoArrival ? trigger with { Status = EncounterStatus.Planned } : trigger,
            Identifiers = identifiers,
            Patient = new PatientChange(),
            Clock = Clock(message, profile, now, issues),
            SentAt = message.At("EVN", 2).Text ?? message.Header[7].Text,
            Class = ClassOf(visit[2], profile, issues),
            AdmissionMethod = AdmissionMethod(visit[4]),
            ServiceCodes = ServiceCodes(visit, profile),
            Site = Site(message, visit[3], profile, issues),
            Start = start,
            End = end,
            Occurred = Time(message.At("EVN", 6), "EVN-6", now + furthest, issues),
            LeftBeforeSeen = left,
        };
    }

    public static DateTimeOffset? Clock(Hl7Message message, SenderProfile profile, DateTimeOffset now, Issues issues)
    {
        if (profile.VersionClock == VersionClock.Arrival)
            return null;
        var (field, path) = (message.At("EVN", 2), "EVN-2");
        if (profile.VersionClock == VersionClock.MessageTime || field.Text is null)
            (field, path) = (message.Header[7], "MSH-7");
        if (field.Text is not { } text)
            return null;
        if (Hl7Time.TryRead(text, out var time) is { } wrong)
            issues.Warn(wrong, path);
        else if (time.At > now + ClockSkew)
            issues.Warn(IssueKind.LastUpdatedInFuture, path);
        else if (time.IsClock)
            return time.At.ToUniversalTime();
        return null;
    }

    private static Hl7Time? Time(Field field, string path, DateTimeOffset latest, Issues issues)
    {
        if (field.Text is not { } text)
            return null;
        if (Hl7Time.TryRead(text, out var time) is { } wrong)
            issues.Warn(wrong, path);
        else if (time.At.Year < 1900)
            issues.Warn(IssueKind.EncounterTooEarly, path);
        else if (time.At > latest)
            issues.Warn(IssueKind.EncounterInFuture, path);
        else
            return time;
        return null;
    }

    private static Said<string> ClassOf(Field field, SenderProfile profile, Issues issues)
    {
        if (field.Text is not { } text)
        {
            issues.Warn(IssueKind.ClassMissing, "PV1-2");
            return Said<string>.Nothing;
        }

        var code = profile.Classes.GetValueOrDefault(text)
            ?? text.ToUpperInvariant() switch
            {
                "E" or "EMERGENCY" or "EMER" => Codes.Emergency,
                "I" or "INPATIENT" or "IMP" or "B" or "SURG ADMIT" => "IMP",
                "O" or "R" or "OUTPATIENT" or "AMB" => "AMB",
                "P" or "PREADMIT" => "PRENC",
                "DAY CASE" or "DAYCASE" => "SS",
                // N, U and C say nothing, and what else stands there is local.
                _ => null,
            };
        return code is null ? Said<string>.Nothing : new Said<string>(true, code);
    }

    // National codes of two characters; HL7's own letters say what type of admission it was, and go beside them.
    private static Said<string> AdmissionMethod(Field field)
    {
        if (field.IsNull)
            return Said<string>.Deleted;
        var code = field
            .Repeats.Select(repeat => repeat.Text?.ToUpperInvariant())
            .FirstOrDefault(text => text is [>= '1' and <= '9', _]);
        return code is null ? Said<string>.Nothing : new Said<string>(true, code);
    }

    private static Said<IReadOnlyList<string>> ServiceCodes(Segment visit, SenderProfile profile)
    {
        if (!visit[4].IsSaid && !visit[10].IsSaid)
            return Said<IReadOnlyList<string>>.Nothing;
        var treatment = visit[10].Text is { } text ? profile.TreatmentFunctions.GetValueOrDefault(text, text) : null;
        IReadOnlyList<string> codes =
        [
            .. visit[4]
                .Repeats.Select(repeat => repeat.Text?.ToUpperInvariant())
                .OfType<string>()
                .Where(code => Unscheduled.IsService("http://terminology.hl7.org/CodeSystem/v2-0007", code)),
            .. treatment == "180" ? (string[])["180"] : [],
        ];
        return new Said<IReadOnlyList<string>>(true, codes);
    }

    /// <summary>
    /// The profile's table, by facility and then by ward; else a facility that is a site of this organisation by its
    /// code; else MSH-4 where a site sends for itself.
    /// </summary>
    private static Said<string> Site(Hl7Message message, Field location, SenderProfile profile, Issues issues)
    {
        var (ward, facility) = (location.Component(1).Text, location.Component(4).Text);
        var sender = message.Header[4].Text;
        var site = (facility is null ? null : profile.Sites.GetValueOrDefault(facility))
            ?? (ward is null ? null : profile.Sites.GetValueOrDefault(ward))
            ?? (IsSite(facility, profile) ? facility : null)
            ?? (IsSite(sender, profile) ? sender : null)
            ?? profile.Site;
        if (site is not null)
            return new Said<string>(true, site.ToUpperInvariant());
        if (ward is null && facility is null && !location.IsNull)
            return Said<string>.Nothing;
        issues.Warn(IssueKind.SiteUnknown, "PV1-3");
        return Said<string>.Deleted;
    }

    private static bool IsSite(string? code, SenderProfile profile) =>
        code is { Length: 5 } && ReadPlace.IsOdsCode(code) && profile.Trust.MayBeOf(code);
}
