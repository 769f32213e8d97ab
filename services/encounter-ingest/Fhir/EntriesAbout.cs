using Safeguarding.Contracts;

namespace Safeguarding.EncounterIngest.Fhir;

/// <summary>A kind of entry that says something of a patient, and the elements by which it says of whom.</summary>
/// <param name="Type">The resource type.</param>
/// <param name="Is">Whether a resource of the type is of the kind.</param>
/// <param name="Patient">The element that refers to the patient.</param>
/// <param name="Encounter">The element that ties it to one encounter; null where the kind has none.</param>
internal sealed record AboutPatients(string Type, Func<FhirElement, bool> Is, string Patient, string? Encounter = null)
{
    /// <summary>Reads those that are contained in a resource.</summary>
    public Func<FhirElement, IReadOnlyList<FhirElement>> ContainedIn { get; } =
        owner => [.. owner.All("contained").Where(resource => resource.ResourceType == Type && Is(resource))];
}

/// <summary>
/// A Bundle's entries of one kind, by whom they are about. Each is looked at once, and an encounter meets its own
/// only: asked of every pair, a Bundle of 2,000 entries would cost a million questions.
/// </summary>
internal sealed class EntriesAbout
{
    private readonly List<FhirElement> _entries = [];
    private readonly Dictionary<object, List<int>> _byKey = [];

    public EntriesAbout(
        AboutPatients kind,
        IEnumerable<FhirElement> resources,
        FhirDocument document,
        DateTimeOffset now
    )
    {
        foreach (var resource in resources.Where(kind.Is))
        {
            foreach (var key in Keys(kind, resource, document, now))
            {
                if (!_byKey.TryGetValue(key, out var positions))
                    _byKey[key] = positions = [];
                positions.Add(_entries.Count);
            }

            _entries.Add(resource);
        }
    }

    /// <summary>
    /// What may be about an encounter or its patient, in the order of the Bundle; whether it is, its reader
    /// decides.
    /// </summary>
    public IEnumerable<FhirElement> Get(
        FhirElement encounter,
        Subject subject,
        FhirDocument document,
        DateTimeOffset now
    )
    {
        if (_entries.Count == 0)
            return [];
        var keys = subject
            .Resources.Append<object?>(encounter)
            .Append(document.PatientOf(subject.Reference, now).Address)
            .Concat(subject.Numbers.Cast<object?>());
        var lists = keys.OfType<object>().Select(key => _byKey.GetValueOrDefault(key)).OfType<List<int>>().ToList();
        IEnumerable<int> positions = lists is [var only] ? only : lists.SelectMany(list => list).Distinct().Order();
        return positions.Select(position => _entries[position]);
    }

    // What is of one encounter is of no other.
    private static IEnumerable<object> Keys(
        AboutPatients kind,
        FhirElement resource,
        FhirDocument document,
        DateTimeOffset now
    )
    {
        if (kind.Encounter is { } element && document.Resolve(resource.Child(element)).Resource is { } encounter)
            return [encounter];
        if (resource.Child(kind.Patient) is not { } patient)
            return [];
        var meant = document.PatientOf(patient, now);
        return new object?[] { meant.Resource, meant.Number, meant.Address }.OfType<object>();
    }
}
