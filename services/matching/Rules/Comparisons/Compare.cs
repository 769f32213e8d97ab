using Safeguarding.Contracts.Persons;
using Safeguarding.Matching.Rules.Measures;
using Safeguarding.Matching.Rules.Model;
using Safeguarding.Matching.Rules.Traits;

namespace Safeguarding.Matching.Rules.Comparisons;

/// <summary>Compares two persons trait by trait. A trait that either lacks says nothing and is left out.</summary>
internal static class Compare
{
    // Kilometres.
    private const double FarAway = 100;

    public static List<Observation> Persons(Person patient, Person registered, Parameters parameters)
    {
        var seen = new List<Observation>(8);
        Persons(patient, registered, parameters, seen);
        return seen;
    }

    /// <summary>The same, into a list that is used again.</summary>
    public static void Persons(Person patient, Person registered, Parameters parameters, List<Observation> seen)
    {
        seen.Clear();
        var silent = parameters.SilentIn(patient.WrittenBy);
        var number = CompareNumbers.Between(patient, registered, parameters.Population);
        Add(seen, silent, number);
        Add(seen, silent, CompareNumbers.StatusOf(patient, number));
        CompareNames.Add(seen, patient, registered, parameters.Population);
        Add(seen, silent, CompareTwins.Between(patient, registered));
        Add(seen, silent, CompareBirthDates.Between(patient.BirthDate, registered.BirthDate, parameters.Population));
        Add(seen, silent, SexOf(patient, registered));
        Add(
            seen,
            silent,
            Postcodes(patient, registered, parameters.Population, seen.RelationOf("identifier") == Relation.Agrees)
        );
        Add(seen, silent, Phones(patient, registered, parameters.Population));
        if (patient.Mother is { } mother && registered.Mother is { } registeredMother)
            Add(seen, silent, Mothers(mother, registeredMother, parameters.Population));
        CompareFurther.Add(seen, patient, registered, parameters.Population);
    }

    /// <summary>Compares a newborn with the mother on whom an unborn plan hangs.</summary>
    public static List<Observation> NewbornWithMother(
        Person newborn,
        Person mother,
        DateOnly expected,
        Parameters parameters
    )
    {
        var seen = new List<Observation>(4);
        var silent = parameters.SilentIn(newborn.WrittenBy);
        var home = newborn;
        // Her number written for the child says whose child it is.
        if (newborn.Number is { } number && number == mother.Number)
        {
            seen.Add(new("mother", "number"));
        }
        else if (newborn.Mother is { } hers)
        {
            Add(seen, silent, Mothers(hers, mother, parameters.Population));
        }

        // A newborn bears the mother's family name for the first days, or the father's.
        var families = new List<Observation>(2);
        CompareNames.Add(families, newborn, mother, parameters.Population);
        if (families.Find(name => name.Trait == "familyName") is { Level: not null and not "different" } family)
            seen.Add(family);
        if (newborn.Mother is { } named)
        {
            // Her home is the child's: a unit writes it on either.
            home = newborn with
            {
                Postcodes = [.. newborn.Postcodes, .. named.Postcodes],
                Phones = [.. newborn.Phones, .. named.Phones],
            };
        }

        Add(seen, silent, CompareBirthDates.WithExpected(newborn.BirthDate, expected));
        Add(seen, silent, Postcodes(home, mother, parameters.Population, numbersAgree: false));
        Add(seen, silent, Phones(home, mother, parameters.Population));
        return seen;
    }

    private static void Add(List<Observation> seen, IReadOnlyList<string> silent, Observation? observation)
    {
        if (observation is { } found && !silent.Contains(found.Trait))
            seen.Add(found);
    }

    private static Observation? SexOf(Person patient, Person registered) =>
        patient.Sex is null or Sex.Other || registered.Sex is null or Sex.Other
            ? null
            : new("sex", SexDiffers(patient, registered) ? "different" : "equal");

    public static bool SexDiffers(Person left, Person right) =>
        left.Sex is not (null or Sex.Other) && right.Sex is not (null or Sex.Other) && left.Sex != right.Sex;

    // With the child's own number, a home at the other end of the country is a home that was left.
    private static Observation? Postcodes(Person patient, Person registered, Population population, bool numbersAgree)
    {
        if (patient.Postcodes.Count == 0 || registered.Postcodes.Count == 0)
            return null;
        var best = 4;
        double? share = null;
        var far = !numbersAgree;
        // Asked of every candidate in a crowd: without an enumerator.
        for (var i = 0; i < patient.Postcodes.Count; i++)
        {
            for (var j = 0; j < registered.Postcodes.Count; j++)
            {
                var (ours, theirs) = (patient.Postcodes[i], registered.Postcodes[j]);
                var level =
                    ours.Text == theirs.Text ? 0
                    : EditDistance.Between(ours.Text, theirs.Text, 1) == 1 ? 1
                    : ours.Sector.SequenceEqual(theirs.Sector) ? 2
                    : ours.Outcode == theirs.Outcode ? 3
                    : 4;
                best = Math.Min(best, level);
                far = far && level == 4 && PostcodeAreas.Between(ours, theirs) >= FarAway;
                if (level == 0)
                    share = population.ShareOf("postcode", ours.Text);
            }
        }

        return new(
            "postcode",
            best switch
            {
                0 => "equal",
                1 => "oneEdit",
                2 => "sector",
                3 => "outcode",
                _ => far ? "farAway" : "different",
            },
            share
        );
    }

    private static Observation? Phones(Person patient, Person registered, Population population)
    {
        if (patient.Phones.Count == 0 || registered.Phones.Count == 0)
            return null;
        var best = 2;
        double? share = null;
        for (var i = 0; i < patient.Phones.Count; i++)
        {
            for (var j = 0; j < registered.Phones.Count; j++)
            {
                var (ours, theirs) = (patient.Phones[i], registered.Phones[j]);
                best = Math.Min(best, EditDistance.Between(ours, theirs, 1));
                if (ours == theirs)
                    share = population.ShareOf("phone", ours);
            }
        }

        return new(
            "phone",
            best switch
            {
                0 => "equal",
                1 => "oneEdit",
                _ => "different",
            },
            share
        );
    }

    private static Observation? Mothers(Person ours, Person theirs, Population population)
    {
        if (ours.Number is not null && theirs.Number is not null)
            return new("mother", ours.Number == theirs.Number ? "number" : "different");
        if (ours.Names.Count == 0 || theirs.Names.Count == 0)
            return null;
        var names = new List<Observation>(2);
        CompareNames.Add(names, ours, theirs, population);
        if (names.RelationOf("givenName") is null)
            return null;
        // Of "Twin 1 of Sarah" nothing but the given name is known.
        return new(
            "mother",
            !names.TrueForAll(name => name.Relation != Relation.Differs) ? "different"
                : names.Count > 1 ? "names"
                : "givenName"
        );
    }
}
