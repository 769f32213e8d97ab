using Safeguarding.Matching.Rules.Measures;
using Safeguarding.Matching.Rules.Names;

namespace Safeguarding.Matching.Rules.Comparisons;

/// <summary>Compares every name of one person with every name of another, also with given and family name swapped, and keeps the best.</summary>
internal static class CompareNames
{
    private static readonly string[] Levels = ["equal", "swapped", "nickname", "shared", "close", "sound", "initial", "different"];

    public static void Add(List<Observation> seen, Person patient, Person registered, Population population)
    {
        var family = (Level: Levels.Length, Share: 0.0);
        var given = family;
        foreach (var ours in patient.Names)
        {
            foreach (var theirs in registered.Names)
            {
                family = Better(family, Words(ours.Family, theirs.Family, population.Family, isGiven: false));
                given = Better(given, Words(ours.Given, theirs.Given, population.Given, isGiven: true));
                // Both must fit crosswise: one alone is a mother's given name in the wrong box.
                var crossFamily = Words(ours.Given, theirs.Family, population.Family, isGiven: false);
                var crossGiven = Words(ours.Family, theirs.Given, population.Given, isGiven: true);
                if (crossFamily.Level == 0 && crossGiven.Level == 0)
                {
                    family = Better(family, (1, crossFamily.Share));
                    given = Better(given, (1, crossGiven.Share));
                }
            }
        }

        AddOne(seen, "familyName", family);
        AddOne(seen, "givenName", given);
    }

    private static void AddOne(List<Observation> seen, string trait, (int Level, double Share) best)
    {
        if (best.Level < Levels.Length)
            seen.Add(new(trait, Levels[best.Level], best.Level is 0 or 1 or 3 ? best.Share : null));
    }

    private static (int Level, double Share) Better((int Level, double Share) left, (int Level, double Share) right) =>
        right.Level < left.Level || (right.Level == left.Level && right.Share < left.Share) ? right : left;

    private static (int Level, double Share) Words(NameWords ours, NameWords theirs, Func<string, double> share, bool isGiven)
    {
        if (ours.IsEmpty || theirs.IsEmpty)
            return (Levels.Length, 0);
        if (ours.Joined == theirs.Joined)
            return (0, ours.Words.Min(share));

        var best = (Level: Levels.Length - 1, Share: 0.0);
        for (var i = 0; i < ours.Words.Count; i++)
        {
            for (var j = 0; j < theirs.Words.Count; j++)
                best = Better(best, Word(ours, i, theirs, j, share, isGiven));
        }

        return best;
    }

    private static (int Level, double Share) Word(NameWords ours, int i, NameWords theirs, int j, Func<string, double> share, bool isGiven)
    {
        var left = ours.Words[i];
        var right = theirs.Words[j];
        if (left == right)
        {
            if (left.Length == 1)
                return (6, 0);
            // The first given name is the one that is used; a second one agrees between many children.
            return isGiven && i == 0 && j == 0 ? (0, share(left)) : (3, share(left));
        }

        if (isGiven && Nicknames.Agree(left, right))
            return (2, 0);
        if (JaroWinkler.Similarity(left, right) >= 0.92 || (Math.Min(left.Length, right.Length) > 3 && EditDistance.Between(left, right, 1) == 1))
            return (4, 0);
        if (ours.Sounds[i] == theirs.Sounds[j] || (ours.Skeletons[i].Length > 2 && ours.Skeletons[i] == theirs.Skeletons[j]))
            return (5, 0);
        return isGiven && (left.Length == 1 || right.Length == 1) && left[0] == right[0] ? (6, 0) : (Levels.Length - 1, 0);
    }
}
