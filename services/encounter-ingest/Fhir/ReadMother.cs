using Safeguarding.Contracts.Persons;

namespace Safeguarding.EncounterIngest.Fhir;

/// <summary>The patient's mother, where she is given as a RelatedPerson or as a contact. With her a newborn without a number can be found.</summary>
internal static class ReadMother
{
    public static PersonTraits? Read(FhirElement patient, FhirElement encounter, FhirDocument document, DateTimeOffset now, Findings findings)
    {
        foreach (var related in document.ResourcesFor(encounter, "RelatedPerson").Concat(document.ResourcesFor(patient, "RelatedPerson")))
        {
            if (IsMother(related) && (related.Child("patient") is not { } reference || ReferenceEquals(document.Resolve(reference, encounter), patient)))
                return Traits(related, document.FromXml, now, findings);
        }

        foreach (var contact in patient.All("contact"))
        {
            if (IsMother(contact))
                return Traits(contact, document.FromXml, now, findings);
        }

        return null;
    }

    private static bool IsMother(FhirElement person) =>
        person.All("relationship").SelectMany(concept => concept.All("coding")).Any(coding => Codes.IsMother(coding.Text("code")));

    private static PersonTraits? Traits(FhirElement mother, bool fromXml, DateTimeOffset now, Findings findings)
    {
        // A slip in the mother's number must not cost the child its encounter.
        var hers = new Findings();
        if (mother.ResourceType is not null)
            CheckKept.Resource(mother, fromXml, hers);
        if (hers.Refused)
        {
            findings.Warn(IssueKind.MotherPassedOver, mother);
            return null;
        }

        var identifier = ReadNhsNumber.Read(mother.All("identifier"), now, hers);
        var traits = ReadPerson.Read(mother, hers.Refused ? null : identifier, now, hers);
        if (hers.Refused)
            findings.Warn(IssueKind.MotherPassedOver, mother);
        return traits.Identifier is PersonIdentifier.Unknown && traits.Names.Count == 0 && traits.BirthDate is null ? null : traits;
    }
}
