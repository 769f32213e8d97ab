using Safeguarding.Matching.Rules.Comparisons;

namespace Safeguarding.Matching.Rules;

/// <summary>
/// Folds the rows of the register that are one person: two councils' plans for one child are one person, twins are two.
/// </summary>
internal static class Fold
{
    private const double SamePersonAt = 0.9;

    /// <summary>For each candidate the index of the first candidate that is the same person.</summary>
    public static int[] Persons(IReadOnlyList<Candidate> candidates, Parameters parameters)
    {
        var first = new int[candidates.Count];
        for (var i = 0; i < first.Length; i++)
            first[i] = i;
        for (var i = 0; i < first.Length; i++)
        {
            for (var j = i + 1; j < first.Length; j++)
            {
                if (Root(first, i) != Root(first, j) && AreOne(candidates[i].Person, candidates[j].Person, parameters))
                    Join(first, Root(first, i), Root(first, j));
            }
        }

        for (var i = 0; i < first.Length; i++)
            first[i] = Root(first, i);
        return first;
    }

    private static bool AreOne(Person left, Person right, Parameters parameters)
    {
        var prior = parameters.Register;
        var weight = Weight.Of(Compare.Persons(left, right, parameters), parameters, 0);
        if (Vetoes.Of(weight, newborn: false).Count > 0)
            return false;
        var same = prior.SamePerson / prior.Size * double.Exp2(weight.Bits);
        var home = prior.Housemate / prior.Size * double.Exp2(weight.HousemateBits);
        return same / (same + home + 1 - prior.SamePerson - prior.Housemate) >= SamePersonAt;
    }

    private static int Root(int[] first, int i)
    {
        while (first[i] != i)
            i = first[i];
        return i;
    }

    private static void Join(int[] first, int left, int right) => first[Math.Max(left, right)] = Math.Min(left, right);
}
