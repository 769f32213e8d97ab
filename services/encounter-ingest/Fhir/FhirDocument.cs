namespace Safeguarding.EncounterIngest.Fhir;

/// <summary>A document that was read, and the resources in it that its own references may point to. Nothing outside is ever fetched.</summary>
internal sealed class FhirDocument(FhirElement root, bool fromXml)
{
    private readonly Dictionary<string, FhirElement> _byUrl = new(StringComparer.Ordinal);

    public FhirElement Root { get; } = root;

    public bool FromXml { get; } = fromXml;

    /// <summary>Makes a Bundle's entries known by fullUrl, and by type and id.</summary>
    public void Index(IEnumerable<FhirElement> entries, Findings findings)
    {
        foreach (var entry in entries)
        {
            if (entry.Child("resource") is not { ResourceType: { } type } resource)
                continue;
            if (entry.Text("fullUrl") is { } fullUrl && !_byUrl.TryAdd(fullUrl, resource) && !ReferenceEquals(_byUrl[fullUrl], resource))
                findings.Refuse(IssueKind.FullUrlRepeated, entry);
            if (resource.Text("id") is { } id)
                _byUrl.TryAdd($"{type}/{id}", resource);
            if (entry.Text("fullUrl") is { } url && url.LastIndexOf($"/{type}/", StringComparison.Ordinal) is > 0 and var at)
                _byUrl.TryAdd(url[(at + 1)..], resource);
        }
    }

    /// <summary>The resource in this document that a reference points to: contained, or an entry of the Bundle.</summary>
    public FhirElement? Resolve(FhirElement reference, FhirElement owner)
    {
        if (reference.Text("reference") is not { } target)
            return null;
        if (target is not ['#', .. var id])
            return _byUrl.GetValueOrDefault(target);
        foreach (var contained in owner.All("contained"))
        {
            if (contained.Text("id") == id)
                return contained;
        }
        return null;
    }

    /// <summary>Every resource of that type in the document: contained in the owner, or an entry.</summary>
    public IEnumerable<FhirElement> ResourcesFor(FhirElement owner, string type) =>
        owner.All("contained").Concat(_byUrl.Values.Distinct()).Where(resource => resource.ResourceType == type);
}
