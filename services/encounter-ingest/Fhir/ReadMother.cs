using Safeguarding.Contracts.Persons;

namespace Safeguarding.EncounterIngest.Fhir;

/// <summary>
/// The patient's mother, where she is given as a RelatedPerson or as a contact. With her a newborn without a
/// number can be found.
/// </summary>
internal static class ReadMother
{
    private static readonly AboutPatients Kind = new("RelatedPerson", IsMother, "patient");

    public static PersonTraits? Read(
        Subject subject,
        FhirElement patient,
        FhirElement encounter,
        FhirDocument document,
        DateTimeOffset now,
        Issues issues
    )
    {
        PersonTraits? mother = null;
        var ofPatient = document.Contained(patient, Kind);
        foreach (var related in document.About(Kind, encounter, subject, now).Concat(ofPatient))
        {
            if (!subject.IsMeantBy(related.Child("patient"), document, now))
                continue;
            document.Use(related);
            mother ??= Traits(related, document, now, issues);
        }

        // Of whom the others are is known once every encounter of the document was read; what is contained is of this
        // one or of none.
        foreach (var related in document.Contained(encounter, Kind).Concat(ofPatient))
        {
            if (IsOfNobody(related, document))
                issues.Warn(IssueKind.MotherPassedOver, related);
        }

        foreach (var contact in patient.All("contact"))
        {
            if (mother is null && IsMother(contact))
                mother = Traits(contact, document, now, issues);
        }

        return mother;
    }

    /// <summary>Whether a RelatedPerson is the mother of no patient whose encounter was read.</summary>
    public static bool IsOfNobody(FhirElement related, FhirDocument document) =>
        related.ResourceType == "RelatedPerson" && IsMother(related) && !document.IsUsed(related);

    private static bool IsMother(FhirElement person) =>
        person
            .All("relationship")
            .SelectMany(concept => concept.All("coding"))
            .Any(coding => Codes.IsMother(coding.Text("code")));

    private static PersonTraits? Traits(FhirElement mother, FhirDocument document, DateTimeOffset now, Issues issues)
    {
        var (traits, isPassedOver) = document.Once(mother, now, Hers);
        if (isPassedOver)
            issues.Warn(IssueKind.MotherPassedOver, mother);
        return traits;
    }

    // A slip in the mother's number must not cost the child its encounter.
    private static readonly Func<FhirElement, FhirDocument, DateTimeOffset, (PersonTraits?, bool IsPassedOver)> Hers = (
        mother,
        document,
        now
    ) =>
    {
        var hers = new Issues();
        if (mother.ResourceType is not null)
            document.Check(mother, hers);
        if (hers.Refused)
            return (null, true);
        var number = ReadNhsNumber.Read(mother.All("identifier"), now, hers);
        var traits = ReadPerson.Read(mother, hers.Refused ? null : number, now, hers);
        var isPassedOver =
            hers.Refused
            || hers.All.Any(issue =>
                issue.Kind == IssueKind.NhsNumberPassedOver || issue.Kind == IssueKind.NhsNumberSystemUnknown
            );
        var isNobody =
            traits.Identifier is PersonIdentifier.Unknown && traits.Names.Count == 0 && traits.BirthDate is null;
        return (isNobody ? null : traits, isPassedOver);
    };
}
