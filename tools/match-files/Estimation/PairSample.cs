using Safeguarding.Matching.Rules.Comparisons;
using Safeguarding.Matching.Rules.Model;

namespace Safeguarding.MatchFiles.Estimation;

/// <summary>
/// Pairs reduced to what estimation needs: the level of each trait, and how unlikely the agreement is between
/// strangers.
/// </summary>
internal sealed class PairSample(Parameters parameters)
{
    private const byte Missing = byte.MaxValue;

    private readonly string[] _traits = [.. parameters.Traits.Keys];
    private readonly Dictionary<string, int> _order = parameters
        .Traits.Keys.Select((trait, i) => (trait, i))
        .ToDictionary();
    private readonly Dictionary<(int, string), byte> _levels = LevelsOf(parameters);
    private readonly List<byte[]> _pairs = [];
    private readonly List<double> _strangers = [];

    public IReadOnlyList<string> Traits => _traits;

    public int Count => _pairs.Count;

    /// <summary>The traits that at least one pair has on both sides.</summary>
    public IReadOnlyList<int> Seen() =>
        [.. Enumerable.Range(0, _traits.Length).Where(trait => _pairs.Exists(levels => levels[trait] != Missing))];

    public void Add(IReadOnlyList<Observation> seen)
    {
        var levels = new byte[_traits.Length];
        double strangers = 1;
        Array.Fill(levels, Missing);
        foreach (var observation in seen)
        {
            // It qualifies the number, and pairs drawn by chance never share one: it keeps the figures it has.
            if (observation.Trait == "numberStatus")
                continue;
            var trait = _order[observation.Trait];
            levels[trait] = _levels[(trait, observation.Level)];
            strangers *= Score.Compute(observation, seen, parameters).U;
        }

        _pairs.Add(levels);
        _strangers.Add(strangers);
    }

    /// <summary>The level of a trait in a pair, or -1 where either record lacks it.</summary>
    public int LevelOf(int pair, int trait) => _pairs[pair][trait] is var level && level == Missing ? -1 : level;

    /// <summary>How likely strangers are to show all levels of this pair.</summary>
    public double StrangersShow(int pair) => _strangers[pair];

    private static Dictionary<(int, string), byte> LevelsOf(Parameters parameters)
    {
        var levels = new Dictionary<(int, string), byte>();
        var trait = 0;
        foreach (var figures in parameters.Traits.Values)
        {
            for (var i = 0; i < figures.Levels.Count; i++)
                levels[(trait, figures.Levels[i].Level)] = (byte)i;
            trait++;
        }

        return levels;
    }
}
