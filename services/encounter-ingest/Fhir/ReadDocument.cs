namespace Safeguarding.EncounterIngest.Fhir;

/// <summary>A whole document to the submissions in it.</summary>
internal static class ReadDocument
{
    /// <summary>A bare Encounter, with its Patient contained or named by identifier.</summary>
    public static Submission? Encounter(FhirDocument document, string organisation, DateTimeOffset now, Findings findings)
    {
        if (document.Root.ResourceType == "Encounter")
            return ReadEncounter.Read(document.Root, document, organisation, now, findings);
        findings.Refuse(IssueKind.ResourceTypeWrong, document.Root);
        return null;
    }
}
