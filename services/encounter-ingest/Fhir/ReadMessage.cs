namespace Safeguarding.EncounterIngest.Fhir;

/// <summary>
/// A message Bundle (booking and referral, encounter notification), or a subscription notification of R4's backport,
/// bare or inside a message.
/// </summary>
internal static class ReadMessage
{
    /// <param name="Header">The MessageHeader; null for a bare notification.</param>
    /// <param name="Encounters">What the message is about.</param>
    /// <param name="IsSign">A handshake or a heartbeat: nothing to store, and to be answered as well.</param>
    public sealed record Message(FhirElement? Header, IReadOnlyList<ReadEntry> Encounters, bool IsSign);

    public static Message? Read(FhirDocument document, SendingTrust trust, DateTimeOffset now, Issues issues)
    {
        var bundle = document.Root;
        if (bundle.ResourceType != "Bundle")
        {
            issues.Refuse(IssueKind.ResourceTypeWrong, bundle);
            return null;
        }

        var isMessage = bundle.Text("type") == "message";
        if (!isMessage && bundle.Text("type") is not ("history" or "subscription-notification"))
        {
            issues.Refuse(IssueKind.BundleTypeWrong, "Bundle.type");
            return null;
        }

        var entries = ReadDocument.Entries(document, issues);
        var header =
            isMessage
            && entries is [var first, ..]
            && first.Child("resource") is { ResourceType: "MessageHeader" } found
                ? found
                : null;
        if (isMessage && header is null)
            issues.Refuse(IssueKind.MessageHeaderMissing, "Bundle.entry[0]");
        if (header is not null)
            CheckStoredElements.Resource(header, document.FromXml, issues);

        // A notification inside a message is a Bundle in its entry: one level, never more.
        foreach (var inner in ReadDocument.Resources(entries, "Bundle").ToList())
        {
            var innerEntries = inner.All("entry").ToList();
            innerEntries.ForEach(entry => entry.InList = true);
            document.Index(innerEntries, issues);
            entries.AddRange(innerEntries);
        }

        var encounters = document.Latest(About(document, header, entries, issues)).ToList();
        if (encounters.Count == 0 && IsSign(entries))
            return new Message(header, [], IsSign: true);
        if (encounters.Count == 0)
            issues.Refuse(IssueKind.EncounterMissing, "Bundle.entry");
        if (issues.Refused)
            return null;
        var read = Latest(ReadDocument.Encounters(document, encounters, trust, now, issues));
        ReadDocument.RefuseRepeated(read, issues);
        ReadDocument.PassOver(document, entries, issues);
        return new Message(header, read, IsSign: false);
    }

    /// <summary>
    /// The Encounters that the header's focus is, or that its focus (a ServiceRequest, say) names; otherwise
    /// all there are.
    /// </summary>
    private static List<FhirElement> About(
        FhirDocument document,
        FhirElement? header,
        List<FhirElement> entries,
        Issues issues
    )
    {
        var all = ReadDocument.Resources(entries, "Encounter").ToList();
        if (header is null)
            return all;
        var named = new HashSet<FhirElement>();
        var areSeveral = document.Latest(all).Skip(1).Any();
        foreach (var reference in header.All("focus"))
        {
            var (resource, problem) = document.Resolve(reference);
            if (resource is { ResourceType: not "Encounter" } && resource.Child("encounter") is { } about)
                (resource, problem) = document.Resolve(about);
            // Of several encounters, one that is asked for and not there is not any of the others.
            if (problem is not null && areSeveral)
                issues.Refuse(problem, reference);
            else if (problem is not null)
                issues.Warn(problem, reference);
            if (resource is { ResourceType: "Encounter" })
                named.Add(resource);
        }

        return named.Count > 0 ? [.. all.Where(named.Contains)] : all;
    }

    /// <summary>Of versions of one encounter, the latest.</summary>
    private static List<ReadEntry> Latest(IReadOnlyList<ReadEntry> read) =>
        [
            .. read.GroupBy(one => one.Submission.Particulars.Identifier)
                .SelectMany(same =>
                    same.All(one => one.Submission.LastUpdated is not null)
                    && same.DistinctBy(one => one.Submission.LastUpdated).Count() == same.Count()
                        ? same.OrderByDescending(one => one.Submission.LastUpdated).Take(1)
                        : same
                ),
        ];

    private static bool IsSign(List<FhirElement> entries) =>
        ReadDocument
            .Resources(entries, "Parameters")
            .SelectMany(parameters => parameters.All("parameter"))
            .Any(parameter =>
                parameter.Text("name") == "type" && parameter.Text("valueCode") is "handshake" or "heartbeat"
            );
}
