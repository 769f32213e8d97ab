using Safeguarding.Matching.Rules.Comparisons;
using Safeguarding.Matching.Rules.Model;

namespace Safeguarding.Matching.Rules;

/// <summary>
/// Tells whether rows of the register are one person: two councils' plans for one child are one person, twins are two.
/// Rows folded into one are no rivals of one another; each is decided by its own comparison all the same.
/// </summary>
internal static class Cluster
{
    private const double SamePersonAt = 0.9;

    /// <summary>
    /// True where two plans are two persons whatever else they share: numbers that differ, and where no number is there
    /// to say that they are one, plans of one council, unlike birth dates, or twins told apart by the order of their
    /// birth. Rows of a file that is no council's are no plans: a person may stand there twice, a mistake in a birth
    /// date included.
    /// </summary>
    public static bool AreTwo(Candidate left, Candidate right)
    {
        var (ours, theirs) = (left.Person, right.Person);
        if (HaveDifferentNumbers(ours, theirs) || CompareTwins.Differ(ours, theirs))
            return true;
        if (left.CouncilCode.Length == 0 && right.CouncilCode.Length == 0)
            return false;
        return !ShareNumber(ours, theirs)
            && (
                left.CouncilCode == right.CouncilCode
                || ours.BirthDate is not { IsDefault: false } born
                || born != theirs.BirthDate
            );
    }

    /// <summary>True where two rows are one person by themselves.</summary>
    public static bool AreOne(IReadOnlyList<Observation> seen, Parameters parameters)
    {
        var (bits, housemate) = Score.Sum(seen, parameters);
        return IsSure(bits, housemate, parameters.Register);
    }

    /// <summary>
    /// True where two rows that both look like the patient are one person together with the patient: what the one row
    /// lacks or has wrong, the patient may share with the other.
    /// </summary>
    /// <param name="between">The two rows compared.</param>
    /// <param name="first">The patient compared with the first row.</param>
    /// <param name="second">The patient compared with the second row.</param>
    /// <param name="parameters">The figures.</param>
    public static bool AreOneWithPatient(
        IReadOnlyList<Observation> between,
        IReadOnlyList<Observation> first,
        IReadOnlyList<Observation> second,
        Parameters parameters
    )
    {
        // A row that the patient resembles through somebody else's number may be a brother's or a sister's.
        if (IsByAnothersNumber(first) || IsByAnothersNumber(second))
            return false;
        double bits = 0,
            housemate = 0;
        foreach (var observation in between)
            Add(Better(observation, between, first, second, parameters), ref bits, ref housemate);
        foreach (var observation in second)
        {
            if (between.RelationOf(observation.Trait) is null)
                Add(Score.Compute(observation, second, parameters), ref bits, ref housemate);
        }

        return IsSure(bits, housemate, parameters.Register);
    }

    private static Score Better(
        Observation observation,
        IReadOnlyList<Observation> between,
        IReadOnlyList<Observation> first,
        IReadOnlyList<Observation> second,
        Parameters parameters
    )
    {
        var score = Score.Compute(observation, between, parameters);
        // Of what tells brothers and sisters apart, the patient speaks for the first row only where the patient has it
        // in common.
        if (observation.Trait is "givenName" or "identifier" && first.RelationOf(observation.Trait) == Relation.Differs)
            return score;
        foreach (var other in second)
        {
            if (other.Trait != observation.Trait)
                continue;
            var patients = Score.Compute(other, second, parameters);
            return patients.M / patients.U > score.M / score.U ? patients : score;
        }

        return score;
    }

    /// <summary>
    /// True where both have a number that passed its check digit and was given out in one country, and no merge tells
    /// how one person came by both.
    /// </summary>
    public static bool HaveDifferentNumbers(Person left, Person right) =>
        left is { Number: { } ours, NumberIsChecked: true }
        && right is { Number: { } theirs, NumberIsChecked: true }
        && ours != theirs
        && !ShareNumber(left, right)
        && CompareNumbers.AreOfOneCountry(ours, theirs);

    private static bool ShareNumber(Person left, Person right) =>
        left.Number is { } ours
        && right.Number is { } theirs
        && (ours == theirs || Has(left.FormerNumbers, theirs) || Has(right.FormerNumbers, ours));

    // Asked of every pair in a crowd: without an enumerator.
    private static bool Has(IReadOnlyList<string> numbers, string number)
    {
        for (var i = 0; i < numbers.Count; i++)
        {
            if (numbers[i] == number)
                return true;
        }

        return false;
    }

    private static bool IsByAnothersNumber(IReadOnlyList<Observation> seen) =>
        seen.LevelOf("identifier") is "housemates" or "mothers";

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
