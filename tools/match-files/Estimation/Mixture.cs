using Safeguarding.Matching.Rules.Comparisons;
using Safeguarding.Matching.Rules.Model;

namespace Safeguarding.MatchFiles.Estimation;

/// <summary>The three kinds of pair, with the figures of the first kind open to estimation.</summary>
internal sealed class Mixture
{
    private readonly PairSample _pairs;
    private readonly double[][] _m;
    private readonly double[][] _start;
    private readonly double[][] _housemate;
    private readonly bool[][] _agrees;
    private readonly double[][] _counts;
    private readonly IReadOnlyList<int> _seen;
    private readonly MovedTogether _moved;

    public Mixture(Parameters start, PairSample pairs)
    {
        _pairs = pairs;
        _seen = pairs.Seen();
        var traits = pairs.Traits.Select(trait => start.Traits[trait].Levels).ToArray();
        _start = [.. traits.Select(levels => levels.Select(level => level.M).ToArray())];
        _m = [.. _start.Select(levels => (double[])levels.Clone())];
        _housemate = [.. traits.Select(levels => levels.Select(level => level.Housemate).ToArray())];
        _agrees =
        [
            .. pairs.Traits.Select(trait =>
                start
                    .Traits[trait]
                    .Levels.Select(level => new Observation(trait, level.Level).Relation == Relation.Agrees)
                    .ToArray()
            ),
        ];
        _counts = [.. traits.Select(levels => new double[levels.Count])];
        _moved = new(start, pairs, _seen);
    }

    /// <summary>The number of pairs expected to be one person's, and one home's.</summary>
    public (double Same, double Home) Expect(double same, double home)
    {
        foreach (var counts in _counts)
            Array.Clear(counts);
        _moved.Clear();
        double sameSum = 0,
            homeSum = 0;
        for (var pair = 0; pair < _pairs.Count; pair++)
        {
            double m = same,
                h = home;
            foreach (var trait in _seen)
            {
                if (_pairs.LevelOf(pair, trait) is >= 0 and var level)
                {
                    var own = _moved.FiguresOf(pair, trait);
                    m *= (own ?? _m[trait])[level];
                    h *=
                        own is not null ? own[level]
                        : _agrees[trait][level] ? Math.Min(_housemate[trait][level], _m[trait][level])
                        : _housemate[trait][level];
                }
            }

            var total = m + h + ((1 - same - home) * _pairs.StrangersShow(pair));
            var posterior = m / total;
            sameSum += posterior;
            homeSum += h / total;
            foreach (var trait in _seen)
            {
                if (_pairs.LevelOf(pair, trait) is >= 0 and var level)
                    _counts[trait][level] += posterior;
            }

            _moved.Count(pair, posterior);
        }

        return (sameSum, homeSum);
    }

    public void Maximise(double remembered)
    {
        for (var trait = 0; trait < _m.Length; trait++)
        {
            var seen = _counts[trait].Sum();
            for (var level = 0; level < _m[trait].Length; level++)
                _m[trait][level] = (_counts[trait][level] + (remembered * _start[trait][level])) / (seen + remembered);
            // What a home shares, brothers and sisters agree on as one person does, with the same slips.
            if (Score.IsSharedAtHome(_pairs.Traits[trait]))
                _m[trait].CopyTo(_housemate[trait], 0);
        }

        _moved.Maximise(_m, remembered);
    }

    public Parameters Into(Parameters parameters)
    {
        var traits = new Dictionary<string, TraitLevels>(parameters.Traits);
        for (var trait = 0; trait < _m.Length; trait++)
        {
            var name = _pairs.Traits[trait];
            if (_counts[trait].Sum() < 1)
                continue;
            traits[name] = traits[name] with
            {
                Levels =
                [
                    .. traits[name]
                        .Levels.Select(
                            (figures, i) => figures with { M = _m[trait][i], Housemate = _housemate[trait][i] }
                        ),
                ],
                Given = _moved.DependenceOf(trait, traits[name].Given),
            };
        }

        return parameters with
        {
            Traits = traits,
        };
    }
}
