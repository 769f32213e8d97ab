using Safeguarding.Matching.Rules.Measures;
using Safeguarding.Matching.Rules.Model;
using Safeguarding.Matching.Rules.Names;

namespace Safeguarding.Matching.Rules.Comparisons;

/// <summary>
/// Compares every name of one person with every name of another, also with given and family name swapped, and
/// keeps the best.
/// </summary>
internal static class CompareNames
{
    private const int Equal = 0,
        Swapped = 1,
        Prefix = 2,
        Nickname = 3,
        Shared = 4,
        Close = 5,
        LikeName = 6,
        Alike = 7,
        Sounds = 8,
        Initial = 9,
        AnotherInUse = 10,
        Different = 11,
        Missing = 12;

    private static readonly string[] Levels =
    [
        "equal",
        "swapped",
        "prefix",
        "nickname",
        "shared",
        "close",
        "likeName",
        "alike",
        "sound",
        "initial",
        "anotherInUse",
        "different",
    ];

    public static void Add(List<Observation> seen, Person patient, Person registered, Population population)
    {
        var family = new Best(Missing, null);
        var given = family;
        // Asked of every candidate in a crowd: without an enumerator.
        for (var i = 0; i < patient.Names.Count; i++)
        {
            for (var j = 0; j < registered.Names.Count; j++)
            {
                var (ours, theirs) = (patient.Names[i], registered.Names[j]);
                var straightFamily = CompareWords(ours.Family, theirs.Family, null, population);
                // Where the family names agree, what counts is how common the given name is among such families.
                var straightGiven = CompareWords(
                    ours.Given,
                    theirs.Given,
                    Agreeing(straightFamily.Level, ours.Family, theirs.Family),
                    population
                );
                family = family.Or(straightFamily);
                given = given.Or(straightGiven);
                if (straightFamily.Level != Equal && straightGiven.Level != Equal)
                    Crosswise(ours, theirs, population, ref family, ref given);
            }
        }

        AddOne(seen, "familyName", family);
        AddOne(seen, "givenName", given);
    }

    private static void Crosswise(
        ComparedName ours,
        ComparedName theirs,
        Population population,
        ref Best family,
        ref Best given
    )
    {
        // One of the two must be the very word, and the other at least near: a name alone in the wrong box may be the
        // mother's.
        if (!AreTheWord(ours.Given, theirs.Family) && !AreTheWord(ours.Family, theirs.Given))
            return;
        var crossFamily = CompareWords(ours.Given, theirs.Family, null, population);
        var crossGiven = CompareWords(
            ours.Family.AsGiven(),
            theirs.Given,
            Agreeing(crossFamily.Level, ours.Given, theirs.Family),
            population
        );
        if (crossFamily.Level == Missing || crossGiven.Level == Missing)
            return;
        if (
            Math.Min(crossFamily.Level, crossGiven.Level) != Equal
            || Math.Max(crossFamily.Level, crossGiven.Level) > LikeName
        )
        {
            return;
        }

        family = family.Or(new(Swapped, crossFamily.Share));
        // What is undecided in its own box, a twin's like name or a slip of a key, is so in the other's.
        given = given.Or(
            crossGiven.Level switch
            {
                Equal => crossGiven with { Level = Swapped },
                LikeName => crossGiven,
                _ => new(Close, null),
            }
        );
    }

    // Either way round: of Hart-Okafor and Okafor the one word, of what is only written together the words of both.
    private static IReadOnlyList<string> Agreeing(int level, NameWords ours, NameWords theirs) =>
        level switch
        {
            Equal when ours.Words.Count == theirs.Words.Count => ours.Words,
            Equal => [.. ours.Words, .. theirs.Words],
            Shared => [.. ours.Words.Intersect(theirs.Words)],
            _ => [],
        };

    private static bool AreTheWord(NameWords left, NameWords right) =>
        !left.IsEmpty && !right.IsEmpty && (left.Joined == right.Joined || left.Words[0] == right.Words[0]);

    private static void AddOne(List<Observation> seen, string trait, Best best)
    {
        if (best.Level != Missing)
            seen.Add(new(trait, Levels[best.Level], best.Share));
    }

    /// <param name="ours">One side's words.</param>
    /// <param name="theirs">The other's.</param>
    /// <param name="families">Null where these are family names; for given names, the family names that agree.</param>
    /// <param name="population">How common each is.</param>
    private static Best CompareWords(
        NameWords ours,
        NameWords theirs,
        IReadOnlyList<string>? families,
        Population population
    )
    {
        if (ours.IsEmpty || theirs.IsEmpty)
            return new(Missing, null);
        var given = families is not null;
        if (ours.Joined == theirs.Joined)
            return new(given && ours.InUse is null ? Prefix : Equal, Rarest(ours, families, population));

        var best = new Best(JoinedLevel(ours, theirs, population), null);
        var (another, inUse) = (false, Different);
        for (var i = 0; i < ours.Words.Count; i++)
        {
            for (var j = 0; j < theirs.Words.Count; j++)
            {
                var level = OfWords(ours, i, theirs, j, families, population);
                another |= level.Level == AnotherInUse;
                inUse = i == ours.InUseAt && j == theirs.InUseAt ? level.Level : inUse;
                best = best.Or(level);
            }
        }

        // What they have in common all their brothers have; of the names in use, a short form, a slip of a key or an
        // initial is one child's.
        return !another ? best : new(inUse is Nickname or Close or Initial ? inUse : AnotherInUse, null);
    }

    private static int JoinedLevel(NameWords ours, NameWords theirs, Population population) =>
        ours.Words.Count == 1 && theirs.Words.Count == 1
            ? Different
            : OfText(ours.Joined, theirs.Joined, null, population);

    private static Best OfWords(
        NameWords ours,
        int i,
        NameWords theirs,
        int j,
        IReadOnlyList<string>? families,
        Population population
    )
    {
        var left = ours.Words[i];
        var right = theirs.Words[j];
        var given = families is not null;
        var inUse = i == ours.InUseAt && j == theirs.InUseAt;
        if (left == right)
        {
            // The O of two Irish names says nothing.
            if (left.Length == 1)
                return new(given ? Initial : Different, null);
            return new(
                !given ? Shared
                    : inUse ? OfNamesInUse(ours, theirs)
                    : OfOthers(left, ours, theirs),
                ShareOf(left, families, population)
            );
        }

        // Brothers and sisters share second names, and one's second name may sound like another's first: only the same
        // word counts there.
        if (given && !inUse)
        {
            return new(
                AreOneOfMany(left, right) && ours.InUse is null != theirs.InUse is null ? Prefix : Different,
                null
            );
        }

        var level =
            given && Nicknames.Agree(left, right) && !AreTwinNames(left, right)
                ? Nickname
                : OfText(left, right, given ? "givenName" : null, population);
        if (level > Close && (given ? Spellings.OfGiven : Spellings.OfFamily).Agree(left, right))
            level = given && AreBothCounted(left, right, population) ? LikeName : Close;
        if (
            level == Different
            && (
                ours.PhoneticKeys[i] == theirs.PhoneticKeys[j]
                || (ours.ConsonantKeys[i].Length > 2 && ours.ConsonantKeys[i] == theirs.ConsonantKeys[j])
            )
        )
        {
            level = Sounds;
        }

        if (level != Different)
            return new(level, Commoner(left, right, families, population));
        return new(given && (left.Length == 1 || right.Length == 1) && left[0] == right[0] ? Initial : Different, null);
    }

    // Yasmin and Jasmin are one name and may be one girl; they are also what parents call twins, as Hayden and Jayden.
    private static bool AreTwinNames(string left, string right) => left.AsSpan(1).SequenceEqual(right.AsSpan(1));

    // Two spellings of Mohammed, of which one stands beside a name in use and the other by itself.
    private static bool AreOneOfMany(string left, string right) =>
        NamesInUse.IsBorneByMany(left) && NamesInUse.IsBorneByMany(right) && Nicknames.Agree(left, right);

    // Lilly-Rose and Lilly-Mae are sisters, Lilly-Rose and Lilly perhaps one child.
    private static int OfNamesInUse(NameWords ours, NameWords theirs)
    {
        if (ours.InUse is null || theirs.InUse is null)
            return Prefix;
        if (ours.InUse != theirs.InUse)
            return ours.InUseLength > 1 && theirs.InUseLength > 1 ? AnotherInUse : Prefix;
        return SecondNamesDiffer(ours, theirs) ? Shared : Equal;
    }

    // Mohammed Musa and Mohammed Yahya are brothers. Where one has no other name than Mohammed, nobody can tell.
    private static int OfOthers(string word, NameWords ours, NameWords theirs) =>
        !NamesInUse.IsBorneByMany(word) || ours.InUse == theirs.InUse ? Shared
        : ours.InUse is null || theirs.InUse is null ? Prefix
        : AnotherInUse;

    // A like sound or the same first letter is what parents choose for twins; only a slip of a key or an initial is one
    // child's.
    private static bool SecondNamesDiffer(NameWords ours, NameWords theirs)
    {
        var (first, second) = (ours.InUseAt + ours.InUseLength, theirs.InUseAt + theirs.InUseLength);
        if (ours.Words.Count <= first || theirs.Words.Count <= second)
            return false;
        for (var i = first; i < ours.Words.Count; i++)
        {
            for (var j = second; j < theirs.Words.Count; j++)
            {
                if (AreOneName(ours.Words[i], theirs.Words[j]))
                    return false;
            }
        }

        return true;
    }

    private static bool AreOneName(string left, string right) =>
        left == right
        || ((left.Length == 1 || right.Length == 1) && left[0] == right[0])
        || Nicknames.Agree(left, right)
        || Spellings.OfGiven.Agree(left, right)
        || OfText(left, right, null, Population.Default) == Close;

    private static int OfText(string left, string right, string? trait, Population population)
    {
        const double least = 0.75;
        if (
            !JaroWinkler.MayReach(least, left, right)
            || JaroWinkler.Similarity(left, right) is var similarity && similarity < least
        )
        {
            return Different;
        }

        var close =
            similarity >= 0.94
            || (Math.Min(left.Length, right.Length) > 2 && EditDistance.Between(left, right, 1) == 1);
        // Hayden and Jayden, Ella and Elle: a slip that makes another name of one is more likely another child.
        if (close && trait is not null && (left[0] != right[0] || AreBothCounted(left, right, population)))
        {
            return LikeName;
        }

        return close ? Close
            : similarity >= 0.88 ? Alike
            : Different;
    }

    private static bool AreBothCounted(string left, string right, Population population) =>
        population.IsCounted("givenName", left) && population.IsCounted("givenName", right);

    private static double? ShareOf(string word, IReadOnlyList<string>? families, Population population) =>
        families is null ? population.ShareOf("familyName", word) : population.ShareOfGiven(word, families);

    private static double? Rarest(NameWords name, IReadOnlyList<string>? families, Population population)
    {
        double? rarest = null;
        foreach (var word in name.Words)
        {
            if (ShareOf(word, families, population) is { } share && !(share >= rarest))
                rarest = share;
        }

        return rarest;
    }

    // Strangers come near to a common name more often than to a rare one.
    private static double? Commoner(
        string left,
        string right,
        IReadOnlyList<string>? families,
        Population population
    ) =>
        ShareOf(left, families, population) is { } ours && ShareOf(right, families, population) is { } theirs
            ? Math.Max(ours, theirs)
            : null;

    /// <summary>
    /// A level and the population's share of the value it agrees on; at one level the rarer value is the
    /// better one.
    /// </summary>
    private readonly record struct Best(int Level, double? Share)
    {
        public Best Or(Best other) =>
            other.Level < Level || (other.Level == Level && (other.Share ?? 1) < (Share ?? 1)) ? other : this;
    }
}
