using Safeguarding.Contracts.Persons;

namespace Safeguarding.EncounterIngest.Fhir;

/// <summary>
/// The patient's mother, where she is given as a RelatedPerson or as a contact. With her a newborn without a
/// number can be found.
/// </summary>
internal static class ReadMother
{
    public static PersonTraits? Read(
        Subject subject,
        FhirElement patient,
        FhirElement encounter,
        FhirDocument document,
        DateTimeOffset now,
        Findings findings
    )
    {
        PersonTraits? mother = null;
        foreach (
            var related in document
                .ResourcesFor(encounter, "RelatedPerson")
                .Concat(document.ResourcesFor(patient, "RelatedPerson"))
                .Distinct()
        )
        {
            if (!IsMother(related) || !subject.IsMeantBy(related.Child("patient"), document, now))
                continue;
            document.Use(related);
            mother ??= Traits(related, document.FromXml, now, findings);
        }

        // Of whom the others are is known once every encounter of the document was read; what is contained is of this
        // one or of none.
        foreach (var related in encounter.All("contained").Concat(patient.All("contained")))
        {
            if (IsOfNobody(related, document))
                findings.Warn(IssueKind.MotherPassedOver, related);
        }

        foreach (var contact in patient.All("contact"))
        {
            if (mother is null && IsMother(contact))
                mother = Traits(contact, document.FromXml, now, findings);
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

    private static PersonTraits? Traits(FhirElement mother, bool fromXml, DateTimeOffset now, Findings findings)
    {
        // A slip in the mother's number must not cost the child its encounter.
        var hers = new Findings();
        if (mother.ResourceType is not null)
            CheckStoredElements.Resource(mother, fromXml, hers);
        if (hers.Refused)
        {
            findings.Warn(IssueKind.MotherPassedOver, mother);
            return null;
        }

        var number = ReadNhsNumber.Read(mother.All("identifier"), now, hers);
        var traits = ReadPerson.Read(mother, hers.Refused ? null : number, now, hers);
        if (
            hers.Refused
            || hers.All.Any(issue =>
                issue.Kind == IssueKind.NhsNumberPassedOver || issue.Kind == IssueKind.NhsNumberSystemUnknown
            )
        )
        {
            findings.Warn(IssueKind.MotherPassedOver, mother);
        }

        return traits.Identifier is PersonIdentifier.Unknown && traits.Names.Count == 0 && traits.BirthDate is null
            ? null
            : traits;
    }
}
