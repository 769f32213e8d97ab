using Safeguarding.Matching.Rules.Comparisons;
using Safeguarding.Matching.Rules.Names;

namespace Safeguarding.Matching.Rules;

/// <summary>
/// Tells whether rows of the register are one person: two councils' plans for one child are one person, twins are two.
/// </summary>
internal static class Fold
{
    private const double SamePersonAt = 0.9;

    /// <summary>
    /// True where two rows need no weighing to be two persons: different numbers that passed their check digits, and another sex or birth
    /// date, or nothing in common of what could outweigh the numbers. A crowd of candidates is mostly such pairs.
    /// </summary>
    public static bool AreTwo(Person left, Person right) =>
        HaveDifferentNumbers(left, right)
        && (Compare.SexDiffers(left, right) || CompareBirthDates.Differ(left.BirthDate, right.BirthDate)
            || (!ShareNames(left, right) && !ShareHome(left, right)));

    /// <summary>True where two rows are one person by themselves.</summary>
    public static bool AreOne(IReadOnlyList<Observation> seen, Parameters parameters)
    {
        var (bits, housemate) = Score.Sum(seen, parameters);
        return IsSure(bits, housemate, parameters.Register);
    }

    /// <summary>
    /// True where two rows that both look like the patient are one person together with him: what the one row lacks or has wrong,
    /// the patient may share with the other.
    /// </summary>
    /// <param name="between">The two rows compared.</param>
    /// <param name="first">The patient compared with the first row.</param>
    /// <param name="second">The patient compared with the second row.</param>
    /// <param name="parameters">The figures.</param>
    public static bool AreOneWithPatient(
        IReadOnlyList<Observation> between, IReadOnlyList<Observation> first, IReadOnlyList<Observation> second, Parameters parameters)
    {
        // A row that the patient resembles through somebody else's number may be his brother's or sister's.
        if (IsByAnothersNumber(first) || IsByAnothersNumber(second))
            return false;
        double bits = 0, housemate = 0;
        foreach (var observation in between)
            Add(Better(observation, between, first, second, parameters), ref bits, ref housemate);
        foreach (var observation in second)
        {
            if (between.RelationOf(observation.Trait) is null)
                Add(Score.Of(observation, second, parameters), ref bits, ref housemate);
        }

        return IsSure(bits, housemate, parameters.Register);
    }

    private static Score Better(
        Observation observation, IReadOnlyList<Observation> between, IReadOnlyList<Observation> first, IReadOnlyList<Observation> second, Parameters parameters)
    {
        var score = Score.Of(observation, between, parameters);
        // Of what tells brothers and sisters apart, the patient speaks for the first row only where he has it in common.
        if (observation.Trait is "givenName" or "identifier" && first.RelationOf(observation.Trait) == Relation.Differs)
            return score;
        foreach (var other in second)
        {
            if (other.Trait != observation.Trait)
                continue;
            var patients = Score.Of(other, second, parameters);
            return patients.M / patients.U > score.M / score.U ? patients : score;
        }

        return score;
    }

    /// <summary>
    /// True where both have a number that passed its check digit, and nothing tells how one person came by both. Two such are one person only
    /// where they are so by themselves: a third row that lacks the number is as near to both of two children, and makes them not one.
    /// </summary>
    public static bool HaveDifferentNumbers(Person left, Person right) =>
        left is { Number: { } ours, NumberIsChecked: true } && right is { Number: { } theirs, NumberIsChecked: true } && ours != theirs
        && !Has(left.FormerNumbers, theirs) && !Has(right.FormerNumbers, ours) && left.Mother?.Number != theirs && right.Mother?.Number != ours;

    // A word of the family name and a word of the given name, whichever box they stand in.
    private static bool ShareNames(Person left, Person right)
    {
        for (var i = 0; i < left.Names.Count; i++)
        {
            for (var j = 0; j < right.Names.Count; j++)
            {
                var (ours, theirs) = (left.Names[i], right.Names[j]);
                if ((ShareWord(ours.Family, theirs.Family) && ShareWord(ours.Given, theirs.Given))
                    || (ShareWord(ours.Family, theirs.Given) && ShareWord(ours.Given, theirs.Family)))
                    return true;
            }
        }

        return false;
    }

    private static bool ShareWord(NameWords left, NameWords right)
    {
        // A name that is not known may be the same.
        if (left.IsEmpty || right.IsEmpty || left.Joined == right.Joined)
            return true;
        for (var i = 0; i < left.Words.Count; i++)
        {
            if (Has(right.Words, left.Words[i]))
                return true;
        }

        return false;
    }

    private static bool ShareHome(Person left, Person right)
    {
        if (left.Mother is not null && right.Mother is not null)
            return true;
        for (var i = 0; i < left.Postcodes.Count; i++)
        {
            for (var j = 0; j < right.Postcodes.Count; j++)
            {
                if (left.Postcodes[i].Outcode == right.Postcodes[j].Outcode)
                    return true;
            }
        }

        return Homes.SharePhone(left, right);
    }

    // Asked of every pair in a crowd: without an enumerator.
    private static bool Has(IReadOnlyList<string> words, string word)
    {
        for (var i = 0; i < words.Count; i++)
        {
            if (words[i] == word)
                return true;
        }

        return false;
    }

    private static bool IsByAnothersNumber(IReadOnlyList<Observation> seen) => seen.LevelOf("identifier") is "housemates" or "mothers";

    private static void Add(Score score, ref double bits, ref double housemate)
    {
        bits += score.Bits;
        housemate += score.HousemateBits;
    }

    private static bool IsSure(double bits, double housemate, RegisterPrior prior)
    {
        var same = prior.SamePerson / prior.Size * double.Exp2(bits);
        var home = prior.Siblings / prior.Size * double.Exp2(housemate);
        return same / (same + home + 1) >= SamePersonAt;
    }
}
