using Safeguarding.Matching.Rules;

namespace Safeguarding.MatchFiles.Estimation;

/// <summary>
/// Counts the names of people as they come by, and makes a population of them. Holds names and numbers of bearers, and
/// nothing that says who bears them.
/// </summary>
public sealed record NameCounts
{
    // Below this many bearers a share is a guess, and may point at one family: the floor stands in for it.
    private const int FewestBearers = 5;

    // The shares that are known beforehand count as this many people, so that the first day does not overturn them.
    private const double KnownBefore = 2_000;

    // A given name's share among the bearers of a family name is drawn towards its share among everybody by this many
    // people.
    private const double Drawn = 20;
    private const int FewestTogether = 3;
    private const double Notable = 1.25;
    private const int MostNames = 2_000_000;

    /// <summary>People counted.</summary>
    public long People { get; set; }

    /// <summary>Bearers of each word of a family name.</summary>
    public Dictionary<string, int> Families { get; init; } = [];

    /// <summary>Bearers of each given name.</summary>
    public Dictionary<string, int> Givens { get; init; } = [];

    /// <summary>By family name, bearers of each first given name.</summary>
    public Dictionary<string, Dictionary<string, int>> Together { get; init; } = [];

    /// <summary>Counts a person by the usual name.</summary>
    public void Count(Person person)
    {
        if (person.Names is not [var name, ..])
            return;
        People++;
        foreach (var word in name.Family.Words.Distinct())
        {
            Add(Families, word);
            if (name.Given.Words is not [var first, ..])
                continue;
            if (!Together.TryGetValue(word, out var givens))
                Together[word] = givens = [];
            Add(givens, first);
        }

        foreach (var word in name.Given.Words.Distinct())
            Add(Givens, word);
        if (Families.Count + Givens.Count > MostNames)
            ForgetTheRarest();
    }

    /// <summary>The population that these people are drawn from, as far as they tell.</summary>
    /// <param name="before">What was known before; its floors stay.</param>
    /// <param name="version">Names the new population.</param>
    /// <param name="source">Where the people were counted.</param>
    public Population Into(Population before, string version, string source)
    {
        var shares = new Dictionary<string, Shares>
        {
            ["familyName"] = SharesOf(Families, before.Shares["familyName"]),
            ["givenName"] = SharesOf(Givens, before.Shares["givenName"]),
        };
        var population = new Population(version, shares, source) { People = People };
        var together = new Dictionary<string, IReadOnlyDictionary<string, double>>();
        foreach (var (family, givens) in Together)
        {
            if (Families[family] >= FewestBearers && Of(family, givens, population) is { Count: > 0 } among)
                together[family] = among;
        }

        return population with
        {
            GivenNamesOf = together,
        };
    }

    private Shares SharesOf(Dictionary<string, int> counts, Shares before)
    {
        var values = new Dictionary<string, double>();
        foreach (var word in counts.Keys.Union(before.Values.Keys))
        {
            var bearers = counts.GetValueOrDefault(word);
            var share = (bearers + (KnownBefore * before.Values.GetValueOrDefault(word))) / (People + KnownBefore);
            if (share > before.Floor && (bearers >= FewestBearers || before.Values.ContainsKey(word)))
                values[word] = share;
        }

        return new(before.Floor, values);
    }

    private Dictionary<string, double> Of(string family, Dictionary<string, int> givens, Population population)
    {
        var among = new Dictionary<string, double>();
        foreach (var (given, bearers) in givens)
        {
            var everywhere = population.ShareOf("givenName", given)!.Value;
            // One bearer is taken off: he may be the very child that is looked for.
            var share = (bearers - 1 + (Drawn * everywhere)) / (Families[family] + Drawn);
            // Together they cannot be commoner than the given name alone, and agreeing on both must say more than
            // agreeing on one.
            share = Math.Min(share, everywhere / (2 * population.ShareOf("familyName", family)!.Value));
            if (bearers >= FewestTogether && share > Notable * everywhere)
                among[given] = share;
        }

        return among;
    }

    private void ForgetTheRarest()
    {
        foreach (var counts in new[] { Families, Givens })
        {
            foreach (var (word, _) in counts.Where(count => count.Value < FewestBearers).ToList())
                counts.Remove(word);
        }

        foreach (var family in Together.Keys.Where(family => !Families.ContainsKey(family)).ToList())
            Together.Remove(family);
    }

    private static void Add(Dictionary<string, int> counts, string word) =>
        counts[word] = counts.GetValueOrDefault(word) + 1;
}
