using Microsoft.AspNetCore.WebUtilities;

namespace Safeguarding.EncounterIngest.Fhir;

/// <summary>
/// What a reference led to: a resource, or why to none. A reference that leads nowhere never means "the same
/// one".
/// </summary>
/// <param name="Resource">The one resource of the document; null where there is none, or more than one.</param>
/// <param name="Problem">Why there is no resource; null where there is one, and where nothing was referred to.</param>
internal readonly record struct Resolved(FhirElement? Resource, IssueKind? Problem);

/// <summary>
/// Whom a reference means: a resource, a number, or an address that two references may have in
/// common.
/// </summary>
internal sealed record ReferenceTarget(FhirElement? Resource, Contracts.NhsNumber? Number, string? Address);

/// <summary>
/// A document that was read, and the resources in it that its own references may point to. Nothing outside is ever
/// fetched. Source: FHIR R4, Bundle, "Resolving references in Bundles".
/// </summary>
internal sealed class FhirDocument(FhirElement root, bool fromXml)
{
    private readonly Dictionary<FhirElement, BundleEntry> _entries = [];
    private readonly Dictionary<string, List<BundleEntry>> _byUrl = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<BundleEntry>> _byTypeAndId = new(StringComparer.Ordinal);
    private readonly Dictionary<FhirElement, Resolved> _resolved = [];
    private readonly Dictionary<FhirElement, ReferenceTarget> _targets = [];
    private readonly Dictionary<string, List<FhirElement>> _byType = new(StringComparer.Ordinal);
    private readonly HashSet<FhirElement> _used = [];
    private readonly Dictionary<FhirElement, Issue> _refusals = [];
    private readonly Dictionary<(FhirElement, Delegate), object?> _once = [];
    private readonly Dictionary<(string, string?, FhirElement?), Resolved> _byTarget = [];
    private readonly Dictionary<AboutPatients, EntriesAbout> _about = [];
    private ILookup<(string Type, SearchToken Token), FhirElement>? _byIdentifier;
    private ILookup<FhirElement, FhirElement>? _survivors;

    private static readonly Func<FhirElement, ILookup<string?, FhirElement>> ContainedById = owner =>
        owner.All("contained").ToLookup(contained => contained.Text("id"));

    private readonly Func<FhirElement, Issues> _check = resource =>
    {
        var issues = new Issues();
        CheckStoredElements.Resource(resource, fromXml, issues);
        return issues;
    };

    public FhirElement Root { get; } = root;

    public bool FromXml { get; } = fromXml;

    /// <summary>Makes a Bundle's entries known.</summary>
    public void Index(IEnumerable<FhirElement> entries, Issues issues)
    {
        foreach (var entry in entries)
        {
            if (entry.Child("resource") is not { ResourceType.Length: > 0 } resource)
                continue;
            var added = BundleEntry.Of(entry, resource);
            if (!_entries.TryAdd(resource, added))
                continue;
            List(_byType, resource.ResourceType).Add(resource);
            if (added.TypeAndId is not null)
                List(_byTypeAndId, added.TypeAndId).Add(added);
            if (added.Url is null)
                continue;
            // R4 (bdl-7) lets versions of one resource stand in one Bundle, and in a history without saying which they
            // are.
            var others = List(_byUrl, added.Url);
            var mayRepeat = added.Version is null && entry.Parent!.Text("type") == "history";
            if (!mayRepeat && others.Exists(other => other.Bundle == added.Bundle && other.Version == added.Version))
                issues.Refuse(IssueKind.FullUrlRepeated, entry);
            others.Add(added);
        }

        static List<T> List<T>(Dictionary<string, List<T>> by, string key) =>
            by.TryGetValue(key, out var list) ? list : by[key] = [];
    }

    /// <summary>
    /// The resource in this document that a reference points to: contained, or an entry of the
    /// Bundle.
    /// </summary>
    public Resolved Resolve(FhirElement? reference)
    {
        if (reference?.Text("reference") is not { } target)
            return default;
        if (!_resolved.TryGetValue(reference, out var known))
            _resolved[reference] = known = Resolve(reference, target);
        return known;
    }

    private Resolved Resolve(FhirElement reference, string target)
    {
        var owner = Owner(reference);
        if (target is "#")
            return new Resolved(owner, null);
        var contained = Once(owner, ContainedById);
        if (target is ['#', .. var id])
            return Only([.. contained[id]]);
        // What refers alike from one place leads to the same.
        var own = _entries.GetValueOrDefault(owner);
        var from = (target, own?.Root, own?.Bundle);
        if (!_byTarget.TryGetValue(from, out var found))
            _byTarget[from] = found = IsConditional(target) ? ByCondition(target) : Only(Candidates(target, own));
        return found.Problem == IssueKind.ReferenceUnresolved && IsNamed(contained, target)
            ? new Resolved(null, IssueKind.ReferenceWithoutHash)
            : found;
    }

    /// <summary>
    /// Whom a reference to a patient means. Asked once for each pair of a Bundle, so it is found out once for
    /// each reference.
    /// </summary>
    public ReferenceTarget PatientOf(FhirElement reference, DateTimeOffset now)
    {
        if (_targets.TryGetValue(reference, out var known))
            return known;
        var (resource, problem) = Resolve(reference);
        var number = ReadNhsNumber.Only(Identifiers(reference), now)
            ?? ReadNhsNumber.Only(resource?.All("identifier") ?? [], now);
        var address = resource is null && problem != IssueKind.ReferenceAmbiguous ? Address(reference) : null;
        return _targets[reference] = new ReferenceTarget(resource, number, address);
    }

    /// <summary>
    /// The identifiers that stand in a reference itself: <c>identifier</c>, and the one of a conditional reference
    /// (<c>Patient?identifier=system|value</c>).
    /// </summary>
    public static IEnumerable<FhirElement> Identifiers(FhirElement? reference)
    {
        if (reference is null)
            return [];
        return
            reference.Text("reference") is { } target
            && IsConditional(target)
            && SearchToken.OfIdentifier(target) is [var token, ..]
            ? [.. reference.All("identifier"), token.AsIdentifier(reference)]
            : reference.All("identifier");
    }

    /// <summary>
    /// Every resource of a kind that may be about an encounter or its patient: contained in it, or an
    /// entry.
    /// </summary>
    public IEnumerable<FhirElement> About(
        AboutPatients kind,
        FhirElement encounter,
        Subject subject,
        DateTimeOffset now
    )
    {
        if (!_about.TryGetValue(kind, out var entries))
        {
            entries = new EntriesAbout(kind, _byType.GetValueOrDefault(kind.Type) ?? [], this, now);
            _about[kind] = entries;
        }

        return Contained(encounter, kind).Concat(entries.Get(encounter, subject, this, now));
    }

    /// <summary>The resources of a kind that are contained in another.</summary>
    public IReadOnlyList<FhirElement> Contained(FhirElement owner, AboutPatients kind) => Once(owner, kind.ContainedIn);

    /// <summary>The entries that say of themselves that they replace a resource.</summary>
    public IEnumerable<FhirElement> Survivors(FhirElement replaced)
    {
        _survivors ??= (
            from other in _byType.GetValueOrDefault("Patient") ?? []
            from link in other.All("link")
            where link.Text("type") == "replaces"
            let before = Resolve(link.Child("other")).Resource
            where before is not null
            select (before, other)
        ).ToLookup(pair => pair.before, pair => pair.other);
        return _survivors[replaced];
    }

    /// <summary>
    /// Reads something of an element the first time that it is asked for, however many encounters share
    /// it.
    /// </summary>
    /// <param name="element">The element.</param>
    /// <param name="read">Always the same delegate: what is read is found again by it.</param>
    public T Once<T>(FhirElement element, Func<FhirElement, T> read)
    {
        if (!_once.TryGetValue((element, read), out var known))
            _once[(element, read)] = known = read(element);
        return (T)known!;
    }

    /// <inheritdoc cref="Once{T}(FhirElement, Func{FhirElement, T})"/>
    public T Once<T>(FhirElement element, DateTimeOffset now, Func<FhirElement, FhirDocument, DateTimeOffset, T> read)
    {
        if (!_once.TryGetValue((element, read), out var known))
            _once[(element, read)] = known = read(element, this, now);
        return (T)known!;
    }

    /// <summary>Checks what is kept of a resource against R4, once.</summary>
    public void Check(FhirElement resource, Issues issues) => issues.AddAll(Once(resource, _check));

    /// <summary>Says that an encounter was refused for itself or its patient, whatever becomes of the others.</summary>
    public void Refuse(FhirElement encounter, Issues issues) =>
        _refusals[encounter] = issues.All.First(issue => issue.IsError);

    public Issue? RefusalOf(FhirElement encounter) => _refusals.GetValueOrDefault(encounter);

    /// <summary>Says that a resource was understood to belong to an encounter of the document.</summary>
    public void Use(FhirElement resource) => _used.Add(resource);

    public bool IsUsed(FhirElement resource) => _used.Contains(resource);

    /// <summary>Of entries that are versions of one resource, by fullUrl, the latest.</summary>
    public IEnumerable<FhirElement> Latest(IEnumerable<FhirElement> resources) =>
        from resource in resources
        group resource by (object?)_entries.GetValueOrDefault(resource)?.Url ?? resource into versions
        from latest in BundleEntry.Latest([.. versions])
        select latest;

    private static bool IsConditional(string target) => target.Contains('?', StringComparison.Ordinal);

    // The resource that stands in the Bundle or is the document; a contained one refers as the one that contains it.
    private static FhirElement Owner(FhirElement element)
    {
        var owner = element;
        while (owner.Parent is not null && (owner.ResourceType is null || owner.Name == "contained"))
            owner = owner.Parent;
        return owner;
    }

    private List<FhirElement> Candidates(string target, BundleEntry? own)
    {
        var (url, version) = RestfulUrl.WithoutVersion(target);
        var isAbsolute = url.Contains(':', StringComparison.Ordinal);
        if (!isAbsolute && own?.Root is { } root)
            (url, isAbsolute) = ($"{root}/{url}", true);
        List<BundleEntry> fitting =
        [
            .. (
                isAbsolute ? _byUrl.GetValueOrDefault(BundleEntry.Comparable(url)) : _byTypeAndId.GetValueOrDefault(url)
            ) ?? [],
        ];
        if (version is not null)
            fitting.RemoveAll(entry => entry.Version != version);
        // A notification may be a Bundle inside a message: what is nearest to the owner is meant.
        if (own is not null && fitting.Exists(entry => entry.Bundle == own.Bundle))
            fitting.RemoveAll(entry => entry.Bundle != own.Bundle);
        var resources = fitting.ConvertAll(entry => entry.Resource);
        // Versions of one resource are one resource.
        return fitting.Count > 1 && fitting[0].Url is { } same && fitting.TrueForAll(entry => entry.Url == same)
            ? BundleEntry.Latest(resources)
            : resources;
    }

    private Resolved ByCondition(string target)
    {
        var tokens = SearchToken.OfIdentifier(target);
        var type = target[..target.IndexOf('?', StringComparison.Ordinal)];
        _byIdentifier ??= (
            from resource in _entries.Keys
            from identifier in resource.All("identifier")
            where identifier.Text("system") is not null && identifier.Text("value") is not null
            let token = new SearchToken(identifier.Text("system")!, identifier.Text("value")!)
            select (Key: (resource.ResourceType!, token), resource)
        ).ToLookup(pair => pair.Key, pair => pair.resource);
        var fitting = tokens.SelectMany(token => _byIdentifier[(type, token)]).Distinct();
        var found = Only([.. Latest(fitting)]);
        return found.Problem == IssueKind.ReferenceUnresolved
            ? new Resolved(null, IssueKind.ReferenceConditional)
            : found;
    }

    private string? Address(FhirElement reference)
    {
        if (reference.Text("reference") is not { } target || target.StartsWith('#'))
            return null;
        if (target.Contains(':', StringComparison.Ordinal) || IsConditional(target))
            return BundleEntry.Comparable(target);
        return _entries.GetValueOrDefault(Owner(reference))?.Root is { } root ? $"{root}/{target}" : target;
    }

    private static bool IsNamed(ILookup<string?, FhirElement> contained, string target) =>
        contained.Contains(target)
        || target.Split('/') is [var type, var id] && contained[id].Any(resource => resource.ResourceType == type);

    private static Resolved Only(List<FhirElement> fitting) =>
        fitting switch
        {
            [] => new Resolved(null, IssueKind.ReferenceUnresolved),
            [var only] => new Resolved(only, null),
            _ => new Resolved(null, IssueKind.ReferenceAmbiguous),
        };
}

/// <summary>An entry of a Bundle as references see it.</summary>
/// <param name="Resource">What stands in it.</param>
/// <param name="Bundle">The Bundle it stands in.</param>
/// <param name="Url">Its fullUrl, so written that equal ones are equal; null where it has none.</param>
/// <param name="Root">What comes before <c>Type/id</c> in a RESTful fullUrl; null where it is none.</param>
/// <param name="TypeAndId">Type and id; null where it has no id.</param>
/// <param name="Version">meta.versionId.</param>
internal sealed record BundleEntry(
    FhirElement Resource,
    FhirElement Bundle,
    string? Url,
    string? Root,
    string? TypeAndId,
    string? Version
)
{
    public static BundleEntry Of(FhirElement entry, FhirElement resource)
    {
        var (url, versionOfUrl) = entry.Text("fullUrl") is { } fullUrl
            ? RestfulUrl.WithoutVersion(fullUrl)
            : (null, null);
        var type = resource.ResourceType!;
        var restful = RestfulUrl.Split(url, type);
        var id = restful?.Id ?? resource.Text("id");
        return new BundleEntry(
            resource,
            entry.Parent!,
            url is null ? null : Comparable(url),
            restful?.Root,
            id is null ? null : $"{type}/{id}",
            resource.Child("meta")?.Text("versionId") ?? versionOfUrl
        );
    }

    /// <summary>A URL as it is; a URN in lower case, because upper and lower case mean the same in one.</summary>
    public static string Comparable(string url) =>
        url.StartsWith("urn:", StringComparison.OrdinalIgnoreCase) ? url.ToLowerInvariant() : url;

    /// <summary>The latest of some versions; all of them where nothing says which that is.</summary>
    public static List<FhirElement> Latest(List<FhirElement> versions)
    {
        if (versions.Count < 2)
            return versions;
        var ranked = versions.ConvertAll(version =>
            (Version: version, Updated: Updated(version), Number: Number(version))
        );
        if (
            ranked.TrueForAll(one => one.Updated is not null)
            && ranked.DistinctBy(one => one.Updated).Count() == ranked.Count
        )
        {
            return [ranked.MaxBy(one => one.Updated).Version];
        }

        return
            ranked.TrueForAll(one => one.Number is not null)
            && ranked.DistinctBy(one => one.Number).Count() == ranked.Count
            ? [ranked.MaxBy(one => one.Number).Version]
            : versions;
    }

    private static DateTimeOffset? Updated(FhirElement resource) =>
        resource.Child("meta")?.Text("lastUpdated") is { } text && FhirTime.TryInstant(text, out var at) is null
            ? at
            : null;

    private static long? Number(FhirElement resource) =>
        long.TryParse(
            resource.Child("meta")?.Text("versionId"),
            System.Globalization.NumberStyles.None,
            null,
            out var number
        )
            ? number
            : null;
}

/// <summary>Addresses of the form <c>[root/]Type/id[/_history/version]</c>.</summary>
internal static class RestfulUrl
{
    public static (string Url, string? Version) WithoutVersion(string url) =>
        url.LastIndexOf("/_history/", StringComparison.Ordinal) is > 0 and var at
            ? (url[..at], url[(at + "/_history/".Length)..])
            : (url, null);

    public static (string Root, string Id)? Split(string? url, string type)
    {
        if (
            url is null
            || !(
                url.StartsWith("http://", StringComparison.Ordinal)
                || url.StartsWith("https://", StringComparison.Ordinal)
            )
        )
        {
            return null;
        }

        return url.Split('/') is [.., var typeOfUrl, { Length: > 0 and <= 64 } id] && typeOfUrl == type
            ? (url[..^(type.Length + id.Length + 2)], id)
            : null;
    }
}

/// <summary>A search for an identifier: <c>identifier=system|value</c>, with FHIR's escapes.</summary>
internal readonly record struct SearchToken(string System, string Value)
{
    /// <summary>
    /// What a search names, in the ways it may have been meant: with FHIR's escapes and a form's "+", and as it stands.
    /// Empty where it is another search than for one identifier with both parts.
    /// </summary>
    public static IReadOnlyList<SearchToken> OfIdentifier(string search)
    {
        var query = search[(search.IndexOf('?', StringComparison.Ordinal) + 1)..];
        var criteria = QueryHelpers
            .ParseQuery(query)
            .Where(criterion => criterion.Key is not ("_format" or "_pretty"))
            .ToList();
        if (criteria is not [{ Key: "identifier", Value: [{ Length: > 0 }] values }])
            return [];
        // Not every sender escapes a "+" that it means.
        var plain = QueryHelpers
            .ParseQuery(query.Replace("+", "%2B", StringComparison.Ordinal))["identifier"]
            .ToString();
        return [.. new[] { values.ToString(), plain }.SelectMany(Readings).Distinct()];
    }

    public FhirElement AsIdentifier(FhirElement reference)
    {
        var identifier = new FhirElement("reference", reference);
        identifier.Add("system").Value = System;
        identifier.Add("value").Value = Value;
        return identifier;
    }

    public override string ToString() => nameof(SearchToken);

    private static IEnumerable<SearchToken> Readings(string token)
    {
        // \| \, \$ and \\ stand for the character after them.
        var parts = new List<System.Text.StringBuilder> { new() };
        var isList = false;
        for (var i = 0; i < token.Length; i++)
        {
            if (token[i] == '\\' && i + 1 < token.Length && token[i + 1] is '|' or ',' or '$' or '\\')
            {
                parts[^1].Append(token[++i]);
            }
            else if (token[i] == '|')
            {
                parts.Add(new());
            }
            else
            {
                isList |= token[i] == ',';
                parts[^1].Append(token[i]);
            }
        }

        if (!isList && parts is [{ Length: > 0 } system, { Length: > 0 } value])
            yield return new SearchToken(system.ToString(), value.ToString());
        if (
            token.Split('|') is [{ Length: > 0 } literalSystem, { Length: > 0 } literalValue]
            && token.AsSpan().IndexOfAny('\\', ',') >= 0
        )
        {
            yield return new SearchToken(literalSystem, literalValue);
        }
    }
}
