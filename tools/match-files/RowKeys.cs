using Safeguarding.Matching.Rules;
using Safeguarding.Matching.Rules.Comparisons;
using Safeguarding.Matching.Rules.Model;
using Safeguarding.Matching.Rules.Names;

namespace Safeguarding.MatchFiles;

/// <summary>
/// The block keys of a row of a file. To the keys that the service uses come all pairs of coarse traits, because a file
/// may have other columns than a plan, and heavier errors: two records that agree on any two traits meet.
/// </summary>
internal static class RowKeys
{
    public static HashSet<ulong> ForStoring(Person person) => With(BlockKeys.ForStoring(person), person);

    public static HashSet<ulong> ForSearching(Person person) => With(BlockKeys.ForSearching(person), person);

    private static HashSet<ulong> With(IReadOnlyCollection<BlockKey> keys, Person person)
    {
        var hashes = new HashSet<ulong>(keys.Count * 3);
        foreach (var key in keys)
            hashes.Add(Mix(HashOf(key.Text), (ulong)key.Kind));

        var coarse = Coarse(person);
        for (var i = 0; i < coarse.Count; i++)
        {
            hashes.Add(Mix(coarse[i].Hash, 1000));
            for (var j = i + 1; j < coarse.Count; j++)
            {
                if (coarse[i].Trait != coarse[j].Trait)
                    hashes.Add(Mix(coarse[i].Hash, coarse[j].Hash));
            }
        }

        return hashes;
    }

    private static List<(int Trait, ulong Hash)> Coarse(Person person)
    {
        var coarse = new List<(int, ulong)>(16);
        if (person.Number is { } number)
            coarse.Add((0, Of(0, number)));
        foreach (var name in person.Names)
        {
            // Given and family names share one kind of key, so that swapped ones meet.
            foreach (var sound in name.Family.PhoneticKeys.Take(2))
                coarse.Add((1, Of(1, sound)));
            foreach (var sound in name.Given.PhoneticKeys.Take(2))
                coarse.Add((2, Of(1, sound)));
        }

        if (person.BirthDate is { } born)
        {
            coarse.Add((3, Of(3, CompareBirthDates.Text(born))));
            coarse.Add((3, Mix((ulong)born.Year, (ulong)born.Month + 3000)));
            coarse.Add((3, Mix((ulong)born.Year, (ulong)born.Day + 3100)));
            coarse.Add((3, Mix((ulong)born.Month, (ulong)born.Day + 3200)));
        }

        foreach (var postcode in person.Postcodes)
            coarse.Add((4, Of(4, postcode.Text)));
        foreach (var phone in person.Phones)
            coarse.Add((5, Of(5, phone)));
        var trait = 6;
        foreach (var further in person.Further)
        {
            coarse.Add((trait, Of(6, further.Text)));
            if (further.Words.Count > 0 && further.Words[0].Length > 3 && char.IsAsciiLetter(further.Words[0][0]))
                coarse.Add((trait, Of(7, PhoneticKey.Of(further.Words[0]))));
            trait++;
        }

        return coarse;
    }

    private static ulong Of(int kind, string text) => Mix(HashOf(text), (ulong)kind + 2000);

    // FNV-1a: the same in every run, so that a decision file can be made again.
    private static ulong HashOf(string text)
    {
        var hash = 14695981039346656037UL;
        foreach (var letter in text)
            hash = (hash ^ letter) * 1099511628211UL;
        return hash;
    }

    // Symmetric, because two traits have no order; finished as in SplitMix64.
    private static ulong Mix(ulong left, ulong right)
    {
        var mixed = Finish(left) + Finish(right);
        return Finish(mixed);
    }

    private static ulong Finish(ulong value)
    {
        value += 0x9E3779B97F4A7C15UL;
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9UL;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EBUL;
        return value ^ (value >> 31);
    }
}
