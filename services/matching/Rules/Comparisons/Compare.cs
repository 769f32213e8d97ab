using Safeguarding.Contracts.Persons;
using Safeguarding.Matching.Rules.Measures;

namespace Safeguarding.Matching.Rules.Comparisons;

/// <summary>Compares two persons trait by trait. A trait that either lacks says nothing and is left out.</summary>
internal static class Compare
{
    public static List<Observation> Persons(Person patient, Person registered, Parameters parameters)
    {
        var seen = new List<Observation>(8);
        var silent = parameters.Unreliable.GetValueOrDefault(Source(patient)) ?? [];

        Add(seen, silent, Number(patient, registered));
        CompareNames.Add(seen, patient, registered, parameters.Population);
        Add(seen, silent, CompareBirthDates.Of(patient.BirthDate, registered.BirthDate));
        Add(seen, silent, SexOf(patient, registered));
        Add(seen, silent, Postcodes(patient, registered));
        Add(seen, silent, Phones(patient, registered));
        if (patient.Mother is { } mother && registered.Mother is { } registeredMother)
            Add(seen, silent, Mothers(mother, registeredMother, parameters.Population));
        return seen;
    }

    /// <summary>Compares a newborn with the mother on whom an unborn plan hangs.</summary>
    public static List<Observation> NewbornWithMother(Person newborn, Person mother, DateOnly expected, Parameters parameters)
    {
        var seen = new List<Observation>(4);
        var silent = parameters.Unreliable.GetValueOrDefault(Source(newborn)) ?? [];
        if (newborn.Mother is { } named)
            Add(seen, silent, Mothers(named, mother, parameters.Population));
        Add(seen, silent, CompareBirthDates.WithExpected(newborn.BirthDate, expected));
        Add(seen, silent, Postcodes(newborn, mother));
        Add(seen, silent, Phones(newborn, mother));
        return seen;
    }

    private static void Add(List<Observation> seen, IReadOnlyList<string> silent, Observation? observation)
    {
        if (observation is { } found && !silent.Contains(found.Trait))
            seen.Add(found);
    }

    private static string Source(Person patient) => char.ToLowerInvariant(patient.WrittenBy.ToString()[0]) + patient.WrittenBy.ToString()[1..];

    private static Observation? Number(Person patient, Person registered)
    {
        if (patient.Number is null || registered.Number is null)
            return null;
        if (patient.Number == registered.Number)
            return new("identifier", "equal");
        return registered.FormerNumbers.Contains(patient.Number) || patient.FormerNumbers.Contains(registered.Number)
            ? new("identifier", "superseded")
            : new("identifier", "different");
    }

    private static Observation? SexOf(Person patient, Person registered) =>
        patient.Sex is null or Sex.Other || registered.Sex is null or Sex.Other
            ? null
            : new("sex", patient.Sex == registered.Sex ? "equal" : "different");

    private static Observation? Postcodes(Person patient, Person registered)
    {
        if (patient.Postcodes.Count == 0 || registered.Postcodes.Count == 0)
            return null;
        var best = 4;
        foreach (var ours in patient.Postcodes)
        {
            foreach (var theirs in registered.Postcodes)
            {
                var level = ours.Text == theirs.Text ? 0
                    : EditDistance.Between(ours.Text, theirs.Text, 1) == 1 ? 1
                    : ours.Sector.SequenceEqual(theirs.Sector) ? 2
                    : ours.Outcode == theirs.Outcode ? 3 : 4;
                best = Math.Min(best, level);
            }
        }

        return new("postcode", best switch { 0 => "equal", 1 => "oneEdit", 2 => "sector", 3 => "outcode", _ => "different" });
    }

    private static Observation? Phones(Person patient, Person registered)
    {
        if (patient.Phones.Count == 0 || registered.Phones.Count == 0)
            return null;
        var best = 2;
        foreach (var ours in patient.Phones)
        {
            foreach (var theirs in registered.Phones)
                best = Math.Min(best, EditDistance.Between(ours, theirs, 1));
        }

        return new("phone", best switch { 0 => "equal", 1 => "oneEdit", _ => "different" });
    }

    private static Observation? Mothers(Person ours, Person theirs, Population population)
    {
        if (ours.Number is not null && theirs.Number is not null)
            return new("mother", ours.Number == theirs.Number ? "number" : "different");
        if (ours.Names.Count == 0 || theirs.Names.Count == 0)
            return null;
        var names = new List<Observation>(2);
        CompareNames.Add(names, ours, theirs, population);
        if (names.Count < 2)
            return null;
        return new("mother", names.TrueForAll(name => name.Relation != Relation.Differs) ? "names" : "different");
    }
}
