namespace Safeguarding.EncounterIngest.Fhir;

/// <summary>
/// A message Bundle (booking and referral, encounter notification), or a subscription notification of R4's backport, bare or inside a message.
/// </summary>
internal static class ReadMessage
{
    /// <param name="Header">The MessageHeader; null for a bare notification.</param>
    /// <param name="Encounters">What the message is about.</param>
    /// <param name="IsSign">A handshake or a heartbeat: nothing to store, and to be answered as well.</param>
    public sealed record Message(FhirElement? Header, IReadOnlyList<ReadEntry> Encounters, bool IsSign);

    public static Message? Read(FhirDocument document, string organisation, DateTimeOffset now, Findings findings)
    {
        var bundle = document.Root;
        if (bundle.ResourceType != "Bundle")
        {
            findings.Refuse(IssueKind.ResourceTypeWrong, bundle);
            return null;
        }

        var isMessage = bundle.Text("type") == "message";
        if (!isMessage && bundle.Text("type") is not ("history" or "subscription-notification"))
        {
            findings.Refuse(IssueKind.BundleTypeWrong, "Bundle.type");
            return null;
        }

        var entries = ReadDocument.Entries(document, findings);
        var header = isMessage && entries is [var first, ..] && first.Child("resource") is { ResourceType: "MessageHeader" } found ? found : null;
        if (isMessage && header is null)
            findings.Refuse(IssueKind.MessageHeaderMissing, "Bundle.entry[0]");
        if (header is not null)
            CheckKept.Resource(header, document.FromXml, findings);

        // A notification inside a message is a Bundle in its entry: one level, never more.
        foreach (var inner in ReadDocument.Resources(entries, "Bundle").ToList())
        {
            var innerEntries = inner.All("entry").ToList();
            innerEntries.ForEach(entry => entry.InList = true);
            document.Index(innerEntries, findings);
            entries.AddRange(innerEntries);
        }

        var encounters = About(document, header, entries);
        if (encounters.Count == 0 && IsSign(entries))
            return new Message(header, [], IsSign: true);
        if (encounters.Count == 0)
            findings.Refuse(IssueKind.EncounterMissing, "Bundle.entry");
        return findings.Refused
            ? null
            : new Message(header, ReadDocument.Encounters(document, encounters, organisation, now, findings), IsSign: false);
    }

    /// <summary>The Encounters that the header's focus is, or that its focus (a ServiceRequest, say) names; otherwise all there are.</summary>
    private static List<FhirElement> About(FhirDocument document, FhirElement? header, List<FhirElement> entries)
    {
        var all = ReadDocument.Resources(entries, "Encounter").ToList();
        if (header is null || all.Count < 2)
            return all;
        var focus = header.All("focus").Select(reference => document.Resolve(reference, header)).OfType<FhirElement>().ToList();
        var named = focus.Where(resource => resource.ResourceType == "Encounter")
            .Concat(focus.Select(resource => resource.Child("encounter") is { } reference ? document.Resolve(reference, resource) : null).OfType<FhirElement>())
            .Where(resource => resource.ResourceType == "Encounter").Distinct().ToList();
        return named.Count > 0 ? named : all;
    }

    private static bool IsSign(List<FhirElement> entries) =>
        ReadDocument.Resources(entries, "Parameters").SelectMany(parameters => parameters.All("parameter"))
            .Any(parameter => parameter.Text("name") == "type" && parameter.Text("valueCode") is "handshake" or "heartbeat");
}
