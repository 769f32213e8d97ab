using Safeguarding.Matching.Rules.Frequencies;
using Safeguarding.Matching.Rules.Model;

namespace Safeguarding.MatchFiles.Estimation;

/// <summary>
/// Counts the names of people as they come by, and makes a population of them. Holds names and numbers of bearers, and
/// nothing that says who bears them.
/// </summary>
public sealed class NameCounts
{
    private const double Notable = 1.25;
    private const int MostNames = 4_000_000;

    private readonly Dictionary<BorneName, int> _bearers = [];

    /// <summary>People counted.</summary>
    public long People { get; private set; }

    /// <summary>Counts a person by the usual name.</summary>
    public void Count(Person person)
    {
        if (person.Names.Count == 0)
            return;
        People++;
        foreach (var name in person.BorneNames())
            _bearers[name] = _bearers.GetValueOrDefault(name) + 1;
        if (_bearers.Count > MostNames)
            DropTheRarest();
    }

    /// <summary>What the service would have learned of these people by itself.</summary>
    /// <param name="version">Names the count.</param>
    public LearnedNames Learned(string version) =>
        new(version, People, _bearers.Where(name => name.Value >= LearnedNames.FewestBearers).ToDictionary());

    /// <summary>The population that these people are drawn from, as far as they tell.</summary>
    /// <param name="before">What was known before; its floors stay.</param>
    /// <param name="version">Names the new population.</param>
    /// <param name="source">Where the people were counted.</param>
    public Population Into(Population before, string version, string source)
    {
        var counted = _bearers.Where(name => name.Value >= LearnedNames.FewestBearers).ToList();
        var population = before with
        {
            Version = version,
            Source = source,
            People = People,
            Shares = new Dictionary<string, Shares>
            {
                ["familyName"] = SharesOf(
                    family => new(family, null),
                    name => name.Family,
                    before.Shares["familyName"]
                ),
                ["givenName"] = SharesOf(given => new(null, given), name => name.Given, before.Shares["givenName"]),
            },
        };
        var together = new Dictionary<string, IReadOnlyDictionary<string, double>>();
        foreach (
            var ofFamily in counted
                .Where(name => name.Key is { Family: not null, Given: not null })
                .GroupBy(name => name.Key.Family!)
        )
        {
            if (SharesAmong(ofFamily.Key, ofFamily, population) is { Count: > 0 } among)
                together[ofFamily.Key] = among;
        }

        return population with
        {
            GivenNamesOf = together,
        };

        Shares SharesOf(Func<string, BorneName> key, Func<BorneName, string?> word, Shares known)
        {
            var alone = counted.Select(name => name.Key).Where(name => word(name) is { } text && key(text) == name);
            return known with
            {
                Values = alone
                    .Select(name => word(name)!)
                    .Union(known.Values.Keys)
                    .ToDictionary(text => text, text => Share(key(text), known.Get(text))),
            };
        }
    }

    private double Share(BorneName name, double before) =>
        LearnedNames.Share(_bearers.GetValueOrDefault(name), People, before);

    private Dictionary<string, double> SharesAmong(
        string family,
        IEnumerable<KeyValuePair<BorneName, int>> givens,
        Population population
    )
    {
        var among = new Dictionary<string, double>();
        foreach (var (name, bearers) in givens)
        {
            var everywhere = population.ShareOf("givenName", name.Given!)!.Value;
            var share = LearnedNames.ShareAmong(
                bearers,
                _bearers[new(family, null)],
                everywhere,
                population.ShareOf("familyName", family)!.Value
            );
            if (share > Notable * everywhere)
                among[name.Given!] = share;
        }

        return among;
    }

    private void DropTheRarest()
    {
        foreach (var (name, _) in _bearers.Where(name => name.Value < LearnedNames.FewestBearers).ToList())
            _bearers.Remove(name);
    }
}
