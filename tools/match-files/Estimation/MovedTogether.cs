using Safeguarding.Matching.Rules.Comparisons;
using Safeguarding.Matching.Rules.Model;

namespace Safeguarding.MatchFiles.Estimation;

/// <summary>
/// Traits of the home that differ together in one person's records: who moves changes postcode, street and town at
/// once. Counted as if independent, one move would weigh as three reasons against.
/// </summary>
internal sealed class MovedTogether
{
    // How much oftener one must differ where the other does, and on how many pairs at least that must be seen.
    private const double Notable = 0.1;
    private const double FewestPairs = 30;

    private readonly PairSample _pairs;
    private readonly IReadOnlyList<int> _home;
    private readonly bool[][] _differs;
    private readonly int[] _levels;
    private readonly int[] _on;
    private readonly double[][]?[] _own;
    private readonly double[,][] _counts;

    public MovedTogether(Parameters start, PairSample pairs, IReadOnlyList<int> seen)
    {
        _pairs = pairs;
        // Rarer agreement first: only a rarer one explains a commoner one, so that no two explain each other.
        _home =
        [
            .. seen.Where(trait => pairs.Traits[trait] != "familyName" && Score.IsSharedAtHome(pairs.Traits[trait]))
                .OrderBy(trait => start.Traits[pairs.Traits[trait]].Levels[0].U)
                .ThenBy(trait => pairs.Traits[trait], StringComparer.Ordinal),
        ];
        _differs =
        [
            .. pairs.Traits.Select(trait =>
                start
                    .Traits[trait]
                    .Levels.Select(level => new Observation(trait, level.Level).Relation == Relation.Differs)
                    .ToArray()
            ),
        ];
        _levels = [.. pairs.Traits.Select(trait => start.Traits[trait].Levels.Count)];
        _on =
        [
            .. pairs.Traits.Select(trait =>
                start.Traits[trait].Given is { } given ? pairs.Traits.ToList().IndexOf(given.On) : -1
            ),
        ];
        _own = new double[pairs.Traits.Count][][];
        _counts = new double[_home.Count, _home.Count][];
        for (var i = 0; i < _home.Count; i++)
        {
            for (var j = 0; j < i; j++)
                _counts[i, j] = new double[2 * _levels[_home[i]]];
        }
    }

    /// <summary>
    /// m of a trait's levels in a pair, as the trait it follows agrees or differs; null where it follows
    /// none.
    /// </summary>
    public double[]? FiguresOf(int pair, int trait) =>
        _own[trait] is { } own && _pairs.LevelOf(pair, _on[trait]) is >= 0 and var level
            ? own[_differs[_on[trait]][level] ? 1 : 0]
            : null;

    public void Clear()
    {
        foreach (var counts in _counts)
        {
            if (counts is not null)
                Array.Clear(counts);
        }
    }

    public void Count(int pair, double posterior)
    {
        for (var i = 1; i < _home.Count; i++)
        {
            if (_pairs.LevelOf(pair, _home[i]) is not (>= 0 and var level))
                continue;
            for (var j = 0; j < i; j++)
            {
                if (_pairs.LevelOf(pair, _home[j]) is >= 0 and var other)
                    _counts[i, j][(_differs[_home[j]][other] ? _levels[_home[i]] : 0) + level] += posterior;
            }
        }
    }

    public void Maximise(double[][] m, double remembered)
    {
        for (var i = 1; i < _home.Count; i++)
        {
            var trait = _home[i];
            // What it follows between strangers it follows here; else the one that it follows most.
            var fixedOn = Enumerable.Range(0, i).FirstOrDefault(j => _home[j] == _on[trait], -1);
            var on = fixedOn >= 0 ? fixedOn : Enumerable.Range(0, i).MaxBy(j => Association(i, j));
            if (Association(i, on) <= Notable)
                continue;
            _on[trait] = _home[on];
            _own[trait] =
            [
                Figures(_counts[i, on].AsSpan(0, _levels[trait]), m[trait], remembered),
                Figures(_counts[i, on].AsSpan(_levels[trait]), m[trait], remembered),
            ];
        }
    }

    /// <summary>The dependence of a trait, with what was known of it between strangers.</summary>
    public Dependence? DependenceOf(int trait, Dependence? known) =>
        _own[trait] is not { } own ? known
        : known is not null && known.On == _pairs.Traits[_on[trait]]
            ? known with
            {
                MAgreeing = own[0],
                MDiffering = own[1],
            }
        : new(_pairs.Traits[_on[trait]], new double[_levels[trait]], own[0], own[1]);

    // How much oftener the trait differs where the other one does.
    private double Association(int i, int j)
    {
        var counts = _counts[i, j];
        var levels = _levels[_home[i]];
        double agreeing = 0,
            differing = 0,
            differsThen = 0,
            differsElse = 0;
        for (var level = 0; level < levels; level++)
        {
            agreeing += counts[level];
            differing += counts[levels + level];
            differsElse += _differs[_home[i]][level] ? counts[level] : 0;
            differsThen += _differs[_home[i]][level] ? counts[levels + level] : 0;
        }

        return Math.Min(agreeing, differing) < FewestPairs ? 0 : (differsThen / differing) - (differsElse / agreeing);
    }

    private static double[] Figures(ReadOnlySpan<double> counts, double[] m, double remembered)
    {
        var own = new double[m.Length];
        double seen = 0;
        foreach (var count in counts)
            seen += count;
        for (var level = 0; level < m.Length; level++)
            own[level] = (counts[level] + (remembered * m[level])) / (seen + remembered);
        return own;
    }
}
