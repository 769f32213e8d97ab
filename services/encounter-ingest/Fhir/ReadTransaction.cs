namespace Safeguarding.EncounterIngest.Fhir;

/// <summary>A transaction Bundle: Patient, Encounter and, it may be, a safeguarding Flag, referring to each other by urn:uuid.</summary>
internal static class ReadTransaction
{
    public static (IReadOnlyList<FhirElement> Entries, IReadOnlyList<ReadEntry> Encounters) Read(
        FhirDocument document, string organisation, DateTimeOffset now, Findings findings)
    {
        if (document.Root.ResourceType != "Bundle")
        {
            findings.Refuse(IssueKind.ResourceTypeWrong, document.Root);
            return ([], []);
        }

        if (document.Root.Text("type") != "transaction")
        {
            findings.Refuse(IssueKind.BundleTypeWrong, "Bundle.type");
            return ([], []);
        }

        var entries = ReadDocument.Entries(document, findings);
        foreach (var entry in entries)
            CheckRequest(entry, findings);
        var encounters = ReadDocument.Resources(entries, "Encounter").ToList();
        if (encounters.Count == 0)
            findings.Refuse(IssueKind.EncounterMissing, "Bundle.entry");
        return findings.Refused ? (entries, []) : (entries, ReadDocument.Encounters(document, encounters, organisation, now, findings));
    }

    // POST Encounter · PUT Encounter/1 · PUT Encounter?identifier=a|b
    private static void CheckRequest(FhirElement entry, Findings findings)
    {
        var request = entry.Child("request");
        var type = entry.Child("resource")?.ResourceType;
        var url = request?.Text("url") ?? "";
        var target = url.AsSpan(0, Math.Max(url.AsSpan().IndexOfAny('/', '?'), 0) is > 0 and var end ? end : url.Length);
        if (type is null || request?.Text("method") is not ("POST" or "PUT") || !target.SequenceEqual(type))
            findings.Refuse(IssueKind.EntryRequestUnsupported, $"{entry.Path}.request");
    }
}
