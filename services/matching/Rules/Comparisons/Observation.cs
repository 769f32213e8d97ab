using Safeguarding.Matching.Rules.Model;

namespace Safeguarding.Matching.Rules.Comparisons;

/// <summary>What a comparison of one trait found.</summary>
/// <param name="Trait">Which trait.</param>
/// <param name="Level">Which of its levels.</param>
/// <param name="Frequency">The population's share of the value, where strangers agree on it by chance of its being
/// common.</param>
internal readonly record struct Observation(string Trait, string Level, double? Frequency = null)
{
    public Relation Relation =>
        Level switch
        {
            "equal" or "superseded" or "number" or "verified" or "inWindow" => Relation.Agrees,
            // Given and family name in each other's box are the same names; day and month in each other's are another
            // date.
            "swapped" when Trait != "birthDate" => Relation.Agrees,
            "different" or "farAway" or "generation" or "adult" or "anotherInUse" => Relation.Differs,
            _ => Relation.Close,
        };
}

/// <summary>Looks among what a comparison found.</summary>
internal static class Observations
{
    /// <summary>The relation of a trait; null where nothing was compared.</summary>
    public static Relation? RelationOf(this IReadOnlyList<Observation> seen, string trait) =>
        seen.IndexOf(trait) is >= 0 and var i ? seen[i].Relation : null;

    /// <summary>The level of a trait; null where nothing was compared.</summary>
    public static string? LevelOf(this IReadOnlyList<Observation> seen, string trait) =>
        seen.IndexOf(trait) is >= 0 and var i ? seen[i].Level : null;

    private static int IndexOf(this IReadOnlyList<Observation> seen, string trait)
    {
        for (var i = 0; i < seen.Count; i++)
        {
            if (seen[i].Trait == trait)
                return i;
        }

        return -1;
    }
}
