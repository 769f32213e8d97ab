using Safeguarding.Matching.Rules.Comparisons;

namespace Safeguarding.Matching.Rules;

/// <summary>
/// Tells whether rows of the register are one person: two councils' plans for one child are one person, twins are two.
/// </summary>
internal static class Fold
{
    private const double SamePersonAt = 0.9;

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
    /// <param name="second">The patient compared with the second row.</param>
    /// <param name="parameters">The figures.</param>
    public static bool AreOneWithPatient(IReadOnlyList<Observation> between, IReadOnlyList<Observation> second, Parameters parameters)
    {
        double bits = 0, housemate = 0;
        foreach (var observation in between)
            Add(Better(observation, between, second, parameters), ref bits, ref housemate);
        foreach (var observation in second)
        {
            if (!Has(between, observation.Trait) && observation.Level is not ("housemates" or "mothers"))
                Add(Score.Of(observation, second, parameters), ref bits, ref housemate);
        }

        return IsSure(bits, housemate, parameters.Register);
    }

    private static Score Better(Observation observation, IReadOnlyList<Observation> between, IReadOnlyList<Observation> second, Parameters parameters)
    {
        var score = Score.Of(observation, between, parameters);
        foreach (var other in second)
        {
            // Two rows with different numbers are not made one by the patient's having the number of the home's third.
            if (other.Trait != observation.Trait || other.Level is "housemates" or "mothers")
                continue;
            var patients = Score.Of(other, second, parameters);
            return patients.M / patients.U > score.M / score.U ? patients : score;
        }

        return score;
    }

    private static bool Has(IReadOnlyList<Observation> seen, string trait)
    {
        foreach (var observation in seen)
        {
            if (observation.Trait == trait)
                return true;
        }

        return false;
    }

    private static void Add(Score score, ref double bits, ref double housemate)
    {
        bits += Math.Log2(score.M / score.U);
        housemate += Math.Log2(score.Housemate / score.U);
    }

    private static bool IsSure(double bits, double housemate, RegisterPrior prior)
    {
        var same = prior.SamePerson / prior.Size * double.Exp2(bits);
        var home = prior.Siblings / prior.Size * double.Exp2(housemate);
        return same / (same + home + 1) >= SamePersonAt;
    }
}
