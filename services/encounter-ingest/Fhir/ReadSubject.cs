using Safeguarding.Contracts.Persons;

namespace Safeguarding.EncounterIngest.Fhir;

/// <summary>Whom the encounter is about: a Patient in the document, or an identifier that stands in for one.</summary>
internal static class ReadSubject
{
    public static PersonTraits? Read(FhirElement encounter, FhirDocument document, DateTimeOffset now, Findings findings)
    {
        if (encounter.All("contained").Count(resource => resource.ResourceType == "Patient") > 1)
            findings.Refuse(IssueKind.SeveralPatients, $"{encounter.Path}.contained");
        if (encounter.Child("subject") is not { } subject)
        {
            findings.Refuse(IssueKind.SubjectMissing, $"{encounter.Path}.subject");
            return null;
        }

        if (!MayBePatient(subject))
        {
            findings.Refuse(IssueKind.SubjectNotPatient, subject);
            return null;
        }

        var patient = document.Resolve(subject, encounter);
        if (patient is not null and not { ResourceType: "Patient" })
        {
            findings.Refuse(IssueKind.SubjectNotPatient, subject.Child("reference"));
            return null;
        }

        if (patient is null && subject.Child("identifier") is null)
        {
            findings.Refuse(IssueKind.SubjectUnresolved, subject);
            return null;
        }

        // Its own findings, so that a fault elsewhere does not hide those of the patient.
        var own = new Findings();
        if (patient is not null)
            CheckKept.Resource(patient, document.FromXml, own);
        var person = own.Refused ? null : Person(subject, patient, encounter, document, now, own);
        findings.AddAll(own);
        return person;
    }

    private static PersonTraits? Person(
        FhirElement subject, FhirElement? patient, FhirElement encounter, FhirDocument document, DateTimeOffset now, Findings findings)
    {
        var identifiers = (patient?.All("identifier") ?? []).Concat(subject.All("identifier"));
        var identifier = ReadNhsNumber.Read(identifiers, now, findings);
        if (patient is null)
        {
            if (identifier is null && !findings.Refused)
                findings.Refuse(IssueKind.PatientUnidentified, subject.Child("identifier"));
            return new PersonTraits { Identifier = identifier ?? new PersonIdentifier.Unknown() };
        }

        var person = ReadPerson.Read(patient, identifier, now, findings);
        if (identifier is null && person.Names.Count == 0 && person.BirthDate is null && !findings.Refused)
            findings.Refuse(IssueKind.PatientUnidentified, patient);
        return person with { Mother = ReadMother.Read(patient, encounter, document, now, findings) };
    }

    private static bool MayBePatient(FhirElement subject)
    {
        if (subject.Text("type") is { } type && type != "Patient")
            return false;
        // Group/1, https://host/fhir/Group/1: a relative or absolute address says its type; a urn and a fragment do not.
        return subject.Text("reference") is not { } reference || reference.StartsWith('#') || reference.StartsWith("urn:", StringComparison.Ordinal)
            || reference.Split('/') is not [.., var typeName, _] || typeName == "Patient" || !(typeName.Length > 0 && char.IsAsciiLetterUpper(typeName[0]));
    }
}
