namespace Safeguarding.EncounterIngest.Fhir;

/// <summary>One submission of a document, and what its entry asked for.</summary>
/// <param name="Submission">The encounter.</param>
/// <param name="Entry">The entry of the Bundle it stood in; null for a bare Encounter.</param>
internal sealed record ReadEntry(Submission Submission, FhirElement? Entry);

/// <summary>A whole document to the submissions in it.</summary>
internal static class ReadDocument
{
    /// <summary>A bare Encounter, with its Patient contained or named by identifier.</summary>
    public static Submission? Encounter(FhirDocument document, SendingTrust trust, DateTimeOffset now, Issues issues)
    {
        if (document.Root.ResourceType == "Encounter")
            return ReadEncounter.Read(document.Root, document, trust, now, issues);
        issues.Refuse(IssueKind.ResourceTypeWrong, document.Root);
        return null;
    }

    /// <summary>The Encounters of a Bundle's entries. One that is refused refuses the whole.</summary>
    public static IReadOnlyList<ReadEntry> Encounters(
        FhirDocument document,
        IReadOnlyList<FhirElement> encounters,
        SendingTrust trust,
        DateTimeOffset now,
        Issues issues
    )
    {
        var read = new List<ReadEntry>();
        foreach (var encounter in encounters)
        {
            var own = new Issues();
            if (ReadEncounter.Read(encounter, document, trust, now, own) is { } submission)
                read.Add(new ReadEntry(submission, encounter.Parent));
            else
                document.Refuse(encounter, own);
            issues.AddAll(own);
        }

        return read;
    }

    /// <summary>Refuses a Bundle that has one encounter twice.</summary>
    public static void RefuseRepeated(IEnumerable<ReadEntry> encounters, Issues issues)
    {
        var seen = new HashSet<BusinessIdentifier>();
        foreach (var submission in encounters.Select(one => one.Submission))
        {
            if (submission.Identifiers.Any(seen.Contains))
                issues.Refuse(IssueKind.EncounterRepeated, submission.Path);
            seen.UnionWith(submission.Identifiers);
        }
    }

    /// <summary>Says what of a Bundle's entries was of none of the patients whose encounters were read.</summary>
    public static void PassOver(FhirDocument document, IEnumerable<FhirElement> entries, Issues issues)
    {
        foreach (var resource in entries.Select(entry => entry.Child("resource")).OfType<FhirElement>())
        {
            var (kind, of) =
                ReadConcerns.IsOfNobody(resource, document) ? (IssueKind.ConcernPassedOver, resource.Child("subject"))
                : ReadMother.IsOfNobody(resource, document) ? (IssueKind.MotherPassedOver, resource.Child("patient"))
                : (null, null);
            if (kind is null)
                continue;
            issues.Warn(kind, resource);
            if (document.Resolve(of).Problem is { } problem)
                issues.Warn(problem, of!);
        }
    }

    /// <summary>The entries of a Bundle, known to the document from here on.</summary>
    public static List<FhirElement> Entries(FhirDocument document, Issues issues)
    {
        var bundle = document.Root;
        CheckStoredElements.Resource(bundle, document.FromXml, issues);
        var entries = bundle.All("entry").ToList();
        foreach (var entry in entries)
        {
            entry.InList = true;
            if (entry.Child("resource") is { } resource && string.IsNullOrEmpty(resource.ResourceType))
                issues.Refuse(IssueKind.ResourceTypeMissing, resource);
        }

        document.Index(entries, issues);
        return entries;
    }

    public static IEnumerable<FhirElement> Resources(IEnumerable<FhirElement> entries, string type) =>
        entries
            .Select(entry => entry.Child("resource"))
            .OfType<FhirElement>()
            .Where(resource => resource.ResourceType == type);
}
