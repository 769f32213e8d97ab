using Safeguarding.Contracts.Encounters;
using Safeguarding.Hosting;

namespace Safeguarding.EncounterIngest.Fhir;

/// <summary>One Encounter and its Patient to a submission, or to the reasons why not.</summary>
internal static class ReadEncounter
{
    // Clocks of trusts differ by minutes; a version stamped further ahead would shut out every later one.
    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(10);

    public static Submission? Read(
        FhirElement encounter,
        FhirDocument document,
        SendingTrust trust,
        DateTimeOffset now,
        Issues issues
    )
    {
        CheckStoredElements.Resource(encounter, document.FromXml, issues);
        if (issues.Refused)
            return null;

        var identifiers = Identifiers(encounter);
        if (identifiers.Count == 0)
            issues.Refuse(IssueKind.IdentifierMissing, $"{encounter.Path}.identifier");
        var status = Status(encounter, issues);
        var period = ReadPeriod.Read(encounter, status, now, issues);
        var subject = ReadSubject.Read(encounter, document, now, issues);
        if (encounter.Child("class")?.Text("code") is null)
            issues.Warn(IssueKind.ClassMissing, encounter);
        var (organisationName, siteOds) = ReadPlace.Read(encounter, status, document, trust, now, issues);
        var concerns = subject is null ? [] : ReadConcerns.Read(encounter, subject, document, now, issues);
        if (issues.Refused)
            return null;

        var particulars = new EncounterParticulars
        {
            Identifier = identifiers[0],
            OtherIdentifiers = identifiers.Count > 1 ? identifiers[1..] : null,
            FhirStatus = encounter.Text("status")!,
            Status = status,
            ClassCode = encounter.Child("class")?.Text("code"),
            // Null of the usual one, so that what was kept before it was kept stays the same content.
            ClassSystem = encounter.Child("class")?.Text("system") is { } system and not Codes.ActCode ? system : null,
            Start = period.Start,
            End = period.End,
            StartedAt = period.StartedAt,
            EndedAt = period.EndedAt,
            AdmissionMethod = AdmissionMethod(encounter),
            ServiceCodes = ServiceCodes(encounter),
            OrganisationName = organisationName,
            SiteOds = siteOds,
            Concerns = concerns,
        };
        return new Submission(
            particulars,
            subject!.Traits,
            LastUpdated(encounter, now, issues),
            encounter.Text("id"),
            identifiers,
            HasOfficial(encounter),
            encounter.Path
        );
    }

    public static List<BusinessIdentifier> Identifiers(FhirElement encounter)
    {
        // Order has no meaning in FHIR: the same identifiers in another order are the same content.
        return
        [
            .. encounter
                .All("identifier")
                .Where(identifier =>
                    identifier.Text("use") != "old"
                    && identifier.Text("system") is not null
                    && identifier.Text("value") is not null
                )
                .Select(identifier =>
                    (
                        Official: identifier.Text("use") == "official",
                        Is: new BusinessIdentifier(identifier.Text("system")!, identifier.Text("value")!)
                    )
                )
                .OrderBy(identifier => identifier.Official ? 0 : 1)
                .ThenBy(identifier => identifier.Is.System, StringComparer.Ordinal)
                .ThenBy(identifier => identifier.Is.Value, StringComparer.Ordinal)
                .Select(identifier => identifier.Is)
                .Distinct(),
        ];
    }

    private static bool HasOfficial(FhirElement encounter) =>
        encounter
            .All("identifier")
            .Any(identifier =>
                identifier.Text("use") == "official"
                && identifier.Text("system") is not null
                && identifier.Text("value") is not null
            );

    private static EncounterStatus Status(FhirElement encounter, Issues issues)
    {
        if (encounter.Text("status") is not { } code)
        {
            issues.Refuse(IssueKind.StatusMissing, $"{encounter.Path}.status");
            return default;
        }

        if (Codes.Status(code) is not { } status)
        {
            issues.Refuse(IssueKind.CodeUnknown, encounter.Child("status"));
            return default;
        }

        var isOver = status is EncounterStatus.Finished or EncounterStatus.Cancelled;
        var left =
            isOver
            && encounter.Child("hospitalization")?.Child("dischargeDisposition") is { } disposition
            && disposition.All("coding").Any(coding => Codes.IsLeftBeforeSeen(coding.Text("code")));
        return left ? EncounterStatus.LeftBeforeSeen : status;
    }

    private static DateTimeOffset? LastUpdated(FhirElement encounter, DateTimeOffset now, Issues issues)
    {
        if (encounter.Child("meta")?.Child("lastUpdated") is not { Value: { } text } element)
            return null;
        if (FhirTime.TryInstant(text, out var at) is { } wrong)
            issues.Warn(wrong, element);
        else if (at > now + ClockSkew)
            issues.Warn(IssueKind.LastUpdatedInFuture, element);
        else
            return at.ToUniversalTime();
        return null;
    }

    // UK Core puts it in hospitalization; HL7 v2 converters put it on the encounter itself.
    private static string? AdmissionMethod(FhirElement encounter) =>
        (
            encounter.Child("hospitalization")?.Extension(Codes.AdmissionMethod)
            ?? encounter.Extension(Codes.AdmissionMethod)
        )
            ?.Child("valueCodeableConcept")
            ?.Child("coding")
            ?.Text("code")
            is { Length: <= 8 } code
        && TextProfile.Message.Allows(code)
            ? code
            : null;

    private static List<string> ServiceCodes(FhirElement encounter)
    {
        var codes = new List<string>();
        foreach (var concept in encounter.All("serviceType").Concat(encounter.All("type")))
        {
            foreach (var coding in concept.All("coding"))
            {
                if (coding.Text("code") is { } code && Unscheduled.IsService(coding.Text("system"), code))
                    codes.Add(code);
            }
        }

        return codes;
    }
}
