namespace Safeguarding.EncounterIngest.Fhir;

/// <summary>
/// A transaction or batch Bundle: Patient, Encounter and, it may be, a safeguarding Flag, referring to each other. Of a
/// batch each entry stands or falls alone, but what its entries say of each other is read all the same: converters of
/// HL7 v2 send batches that hang together.
/// </summary>
internal static class ReadTransaction
{
    /// <param name="Entries">Every entry, in order.</param>
    /// <param name="Encounters">The encounters that can be stored.</param>
    /// <param name="IsBatch">Whether each entry stands alone.</param>
    /// <param name="Faulty">Of a batch, the entries that are refused, and why.</param>
    public sealed record Transaction(
        IReadOnlyList<FhirElement> Entries,
        IReadOnlyList<ReadEntry> Encounters,
        bool IsBatch,
        IReadOnlyDictionary<FhirElement, Issues> Faulty
    );

    public static Transaction? Read(FhirDocument document, SendingTrust trust, DateTimeOffset now, Issues issues)
    {
        if (document.Root.ResourceType != "Bundle")
        {
            issues.Refuse(IssueKind.ResourceTypeWrong, document.Root);
            return null;
        }

        if (document.Root.Text("type") is not ("transaction" or "batch"))
        {
            issues.Refuse(IssueKind.BundleTypeWrong, "Bundle.type");
            return null;
        }

        var isBatch = document.Root.Text("type") == "batch";
        var faulty = new Dictionary<FhirElement, Issues>();
        var entries = ReadDocument.Entries(document, issues);
        if (entries.Select(entry => entry.Child("resource")).All(resource => resource?.ResourceType != "Encounter"))
            issues.Refuse(IssueKind.EncounterMissing, "Bundle.entry");
        var encounters = new List<ReadEntry>();
        foreach (var entry in entries)
        {
            var own = new Issues();
            CheckRequest(entry, own);
            // A transaction's requests are all looked at before anything is read.
            if (
                isBatch
                && !own.Refused
                && !issues.Refused
                && entry.Child("resource") is { ResourceType: "Encounter" } encounter
            )
            {
                encounters.AddRange(ReadDocument.Encounters(document, [encounter], trust, now, own));
            }

            if (isBatch && own.Refused)
                faulty[entry] = own;
            else
                issues.AddAll(own);
        }

        if (!isBatch && !issues.Refused)
        {
            encounters.AddRange(
                ReadDocument.Encounters(document, [.. ReadDocument.Resources(entries, "Encounter")], trust, now, issues)
            );
        }

        ReadDocument.RefuseRepeated(encounters, issues);
        ReadDocument.PassOver(document, entries, issues);
        return issues.Refused ? null : new Transaction(entries, encounters, isBatch, faulty);
    }

    // POST Encounter · PUT Encounter/1 · PUT Encounter?identifier=a|b
    private static void CheckRequest(FhirElement entry, Issues issues)
    {
        var request = entry.Child("request");
        var type = entry.Child("resource")?.ResourceType;
        var url = request?.Text("url") ?? "";
        var target = url.AsSpan(
            0,
            Math.Max(url.AsSpan().IndexOfAny('/', '?'), 0) is > 0 and var end ? end : url.Length
        );
        if (type is null || request?.Text("method") is not ("POST" or "PUT") || !target.SequenceEqual(type))
            issues.Refuse(IssueKind.EntryRequestUnsupported, $"{entry.Path}.request");
    }
}
