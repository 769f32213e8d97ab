using Safeguarding.Matching.Rules.Model;

namespace Safeguarding.Matching.Rules.Comparisons;

/// <summary>What an observation is worth.</summary>
/// <param name="M">How often one person's two records show it.</param>
/// <param name="U">How often strangers' do.</param>
/// <param name="Housemate">How often two people of one home do.</param>
internal readonly record struct Score(double M, double U, double Housemate)
{
    /// <summary>What it says for this person, against a stranger.</summary>
    public double Bits => Math.Log2(M / U);

    /// <summary>What it says for somebody else of this person's home, against a stranger.</summary>
    public double HousemateBits => Math.Log2(Housemate / U);

    public static Score Compute(Observation observation, IReadOnlyList<Observation> seen, Parameters parameters)
    {
        var trait = parameters.Traits[observation.Trait];
        var level = trait.IndexOf(observation.Level);
        var figures = trait.Levels[level];
        var u = observation.Frequency is { } share ? ByShare(observation.Level, share, figures) : figures.U;
        if (trait.Given is { } given && seen.RelationOf(given.On) is { } other)
        {
            if (other != Relation.Differs)
                u = Math.Max(u, given.U[level]);
            if ((other == Relation.Differs ? given.MDiffering : given.MAgreeing) is { } own)
            {
                figures = figures with
                {
                    M = own[level],
                    Housemate = IsSharedAtHome(observation.Trait) ? own[level] : figures.Housemate,
                };
            }
        }

        // Agreement never speaks against a person, however common the value; and those of one home agree no oftener
        // than one person.
        return observation.Relation == Relation.Agrees
            ? new(figures.M, Math.Min(u, figures.M), Math.Min(figures.Housemate, figures.M))
            : new(figures.M, u, figures.Housemate);
    }

    /// <summary>The sums over all traits of a pair, in bits against a stranger.</summary>
    public static (double Bits, double HousemateBits) Sum(IReadOnlyList<Observation> seen, Parameters parameters)
    {
        double bits = 0,
            housemate = 0;
        for (var i = 0; i < seen.Count; i++)
        {
            var score = Compute(seen[i], seen, parameters);
            bits += score.Bits;
            housemate += score.HousemateBits;
        }

        return (bits, housemate);
    }

    /// <summary>
    /// True where brothers and sisters agree as one person's records do, with the same slips and the same
    /// moves.
    /// </summary>
    public static bool IsSharedAtHome(string trait) =>
        trait is "familyName" or "postcode" or "phone"
        || trait.StartsWith("address.", StringComparison.Ordinal)
        || trait.StartsWith("place.", StringComparison.Ordinal);

    // Of two values that are the same the share is the chance itself; of two that are near, the chance grows with the
    // commoner one's share, but a near one never speaks against.
    private static double ByShare(string level, double share, LevelFigures figures) =>
        level is "equal" or "swapped" or "prefix" or "shared" ? share : Math.Max(figures.U, Math.Min(share, figures.M));
}
