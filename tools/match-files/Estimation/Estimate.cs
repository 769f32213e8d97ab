using Safeguarding.Matching.Rules.Model;

namespace Safeguarding.MatchFiles.Estimation;

/// <summary>
/// Estimates m and the priors by expectation-maximisation, and u from pairs drawn by chance. Looks at no truth: the
/// only labels are the posteriors of the round before. Three kinds of pair are told apart: one person, one home,
/// strangers.
/// </summary>
internal static class Estimate
{
    private const int Rounds = 25;

    // A level seen never in a small file is not impossible: the defaults count as this many pairs.
    private const double Remembered = 10;

    /// <summary>The figures of the strangers: each level's share among pairs drawn by chance.</summary>
    public static Parameters Strangers(Parameters start, PairSample byChance)
    {
        var traits = new Dictionary<string, TraitLevels>(start.Traits);
        for (var trait = 0; trait < byChance.Traits.Count; trait++)
        {
            var name = byChance.Traits[trait];
            var levels = start.Traits[name].Levels;
            var counts = new double[levels.Count];
            double seen = 0;
            for (var pair = 0; pair < byChance.Count; pair++)
            {
                if (byChance.LevelOf(pair, trait) is >= 0 and var level)
                {
                    counts[level]++;
                    seen++;
                }
            }

            if (seen < Remembered)
                continue;
            traits[name] = start.Traits[name] with
            {
                Levels =
                [
                    .. levels.Select(
                        (figures, i) => figures with { U = (counts[i] + Math.Min(figures.U, 0.5)) / (seen + 1) }
                    ),
                ],
            };
        }

        return start with
        {
            Traits = traits,
        };
    }

    /// <summary>The figures of one person's pairs, and how many pairs are one person's or one home's.</summary>
    /// <param name="start">Where to start.</param>
    /// <param name="candidates">Pairs that share a block key.</param>
    /// <param name="pairs">All pairs there are, nearly all of them strangers that share no key.</param>
    /// <param name="queries">Records that are looked for.</param>
    public static Parameters SamePerson(Parameters start, PairSample candidates, double pairs, double queries)
    {
        var model = new Mixture(start, candidates);
        var same = Math.Min(0.5 * queries, 0.5 * candidates.Count) / pairs;
        var home = same;
        for (var round = 0; round < Rounds; round++)
        {
            var (sameSum, homeSum) = model.Expect(same, home);
            model.Maximise(Remembered);
            same = Math.Max(sameSum, 0.5) / pairs;
            home = Math.Max(homeSum, 0.01) / pairs;
        }

        return model.Into(start) with
        {
            Register = start.Register with
            {
                OnRegister = Math.Min(same * pairs / queries, 0.98),
                Housemate = Math.Min(home * pairs / queries, 0.98),
                SamePerson = same * pairs / queries,
                Siblings = home * pairs / queries,
            },
        };
    }
}
