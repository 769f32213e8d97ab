using Safeguarding.Matching.Rules.Comparisons;
using Safeguarding.Matching.Rules.Frequencies;
using Safeguarding.Matching.Rules.Model;

namespace Safeguarding.MatchFiles.Estimation;

/// <summary>Learns how values are spread from records themselves, counting each person once.</summary>
internal static class SharesOf
{
    private const int ShortestWord = 4;

    /// <param name="persons">The records.</param>
    /// <param name="personOf">For each record a number that records of one person share.</param>
    public static IReadOnlyDictionary<string, Shares> Persons(
        IReadOnlyList<Person> persons,
        IReadOnlyList<int> personOf
    )
    {
        var counted = new Dictionary<string, Dictionary<string, (double Persons, int Last)>>();
        var holders = new Dictionary<string, (double Persons, int Last)>();
        foreach (var i in Enumerable.Range(0, persons.Count).OrderBy(i => personOf[i]))
        {
            foreach (var (trait, value, whole) in ValuesOf(persons[i]))
            {
                if (!counted.TryGetValue(trait, out var values))
                    counted[trait] = values = [];
                var (count, last) = values.GetValueOrDefault(value, (0, -1));
                if (last != personOf[i])
                    values[value] = (count + 1, personOf[i]);
                var holder = holders.GetValueOrDefault(trait, (0, -1));
                if (whole && holder.Last != personOf[i])
                    holders[trait] = (holder.Persons + 1, personOf[i]);
            }
        }

        return counted.ToDictionary(trait => trait.Key, trait => Divide(trait.Value, holders[trait.Key].Persons));
    }

    // Of two different people that share a value one is the other's chance: so one holder is taken off, and half a one
    // is left for a value that nobody else here has.
    private static Shares Divide(Dictionary<string, (double Persons, int Last)> values, double persons)
    {
        var floor = 0.5 / (persons + 1);
        return new(
            floor,
            values
                .Where(value => value.Value.Persons > 1)
                .ToDictionary(value => value.Key, value => (value.Value.Persons - 0.5) / (persons + 1))
        );
    }

    private static IEnumerable<(string Trait, string Value, bool Whole)> ValuesOf(Person person)
    {
        if (person.Number is { } number)
            yield return ("identifier", number, true);
        foreach (var name in person.Names)
        {
            foreach (var word in name.Family.Words)
                yield return ("familyName", word, true);
            foreach (var word in name.Given.Words)
                yield return ("givenName", word, true);
        }

        if (person.BirthDate is { } born)
            yield return ("birthDate", CompareBirthDates.Text(born), true);
        foreach (var postcode in person.Postcodes)
            yield return ("postcode", postcode.Text, true);
        foreach (var phone in person.Phones)
            yield return ("phone", phone, true);
        foreach (var further in person.Further)
        {
            yield return (further.Trait, further.Text, true);
            if (further.Words.Count < 2)
                continue;
            foreach (var word in further.Words)
            {
                if (word.Length >= ShortestWord)
                    yield return (further.Trait, word, false);
            }
        }
    }
}
