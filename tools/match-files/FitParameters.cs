using System.Security.Cryptography;
using Safeguarding.MatchFiles.Estimation;
using Safeguarding.Matching.Rules;
using Safeguarding.Matching.Rules.Comparisons;
using Safeguarding.Matching.Rules.Frequencies;
using Safeguarding.Matching.Rules.Model;

namespace Safeguarding.MatchFiles;

/// <summary>
/// Fits the parameters to the files: always their columns; with <c>--estimate</c> all figures, without any
/// truth.
/// </summary>
internal static class FitParameters
{
    private const int Seed = 20261122;
    private const int PairsByChance = 300_000;
    private const int MostCandidatePairs = 400_000;
    private const int Rounds = 2;
    private const int FewestBearers = 5;

    /// <summary>
    /// The document with the files' own columns added, each with the figures of its kind. How many people are on the
    /// register is the document's to say, not the file's: a file of ten rows is drawn from a register of thousands.
    /// </summary>
    public static Parameters ForFiles(Parameters parameters, FilePair files, int? registerSize)
    {
        var traits = new Dictionary<string, TraitLevels>(parameters.Traits);
        foreach (var trait in files.Traits)
            traits[trait] = traits[trait[..trait.IndexOf('.', StringComparison.Ordinal)]];
        return parameters with
        {
            Traits = traits,
            Register = parameters.Register with { Size = registerSize ?? parameters.Register.Size },
        };
    }

    public static Parameters Estimated(Parameters start, FilePair files, RowSearch search, Action<string> tell)
    {
        var everybody = files.Self ? files.Registry : [.. files.Registry, .. files.Encounters];
        // How many rows of one person a query has is learned of these rows.
        var parameters = start with { Register = start.Register with { Size = Math.Max(files.Registry.Count, 1) } };
        for (var round = 1; round <= Rounds; round++)
        {
            // A person with ten rows has one name: once the first round tells who is one person, each counts once.
            var shares = SharesOf.Persons(
                everybody,
                round == 1 ? [.. Enumerable.Range(0, everybody.Count)] : PersonsOf(everybody, files, search, parameters)
            );
            parameters = parameters with
            {
                Population = new("estimated", shares, "Estimated from the files.") { People = everybody.Count },
            };
            parameters = Estimate.Strangers(parameters, ByChance(files, parameters));
            parameters = new Dependences(everybody, parameters).Found(Seed);
            var (sample, queries) = Candidates(files, search, parameters);
            parameters = Estimate.SamePerson(parameters, sample, (double)queries * files.Registry.Count, queries);
            tell(
                $"estimated, round {round}: {parameters.Register.OnRegister:F3} rows of one person a query, "
                    + $"{parameters.Register.Housemate:F4} of one home"
            );
        }

        return parameters with
        {
            Version = $"estimated-{Fingerprint(parameters)}",
        };
    }

    /// <summary>The document as it may be kept: names of many bearers, and no value of any other trait.</summary>
    public static Parameters Kept(Parameters parameters, FilePair files)
    {
        var shares = parameters.Population.Shares;
        var kept = new Dictionary<string, Shares>();
        foreach (var trait in new[] { "familyName", "givenName" })
        {
            if (shares.TryGetValue(trait, out var names))
            {
                var least = FewestBearers / (double)Math.Max(parameters.Population.People, 1);
                kept[trait] = names with { Values = names.Values.Where(name => name.Value >= least).ToDictionary() };
            }
        }

        var traits = parameters
            .Traits.Where(trait => !files.Traits.Contains(trait.Key))
            .ToDictionary(
                trait => trait.Key,
                trait =>
                    trait.Value with
                    {
                        Given =
                            trait.Value.Given is { } given && files.Traits.Contains(given.On)
                                ? null
                                : trait.Value.Given,
                    }
            );
        return parameters with { Population = parameters.Population with { Shares = kept }, Traits = traits };
    }

    // The same figures have the same name, and others another, whoever estimated them.
    private static string Fingerprint(Parameters parameters)
    {
        using var document = new MemoryStream();
        parameters.Write(document);
        return Convert.ToHexStringLower(SHA256.HashData(document.ToArray()))[..8];
    }

    private static int[] PersonsOf(
        IReadOnlyList<Person> everybody,
        FilePair files,
        RowSearch search,
        Parameters parameters
    )
    {
        var same = new int[everybody.Count][];
        Parallel.For(
            0,
            everybody.Count,
            () => new List<Observation>(),
            (i, _, seen) =>
            {
                var rows = new List<int>();
                foreach (var row in search.Find(everybody[i], out var _))
                {
                    if (row == i)
                        continue;
                    Compare.Persons(everybody[i], files.Registry[row], parameters, seen);
                    if (Cluster.AreOne(seen, parameters))
                        rows.Add(row);
                }

                same[i] = [.. rows];
                return seen;
            },
            _ => { }
        );

        var personOf = Enumerable.Range(0, everybody.Count).ToArray();
        for (var i = 0; i < same.Length; i++)
        {
            foreach (var row in same[i])
                personOf[First(row)] = First(i);
        }

        return [.. personOf.Select((_, i) => First(i))];

        int First(int i)
        {
            while (personOf[i] != i)
                i = personOf[i] = personOf[personOf[i]];
            return i;
        }
    }

    private static PairSample ByChance(FilePair files, Parameters parameters)
    {
        var random = new Random(Seed);
        var sample = new PairSample(parameters);
        var seen = new List<Observation>();
        for (var i = 0; i < PairsByChance; i++)
        {
            var encounter = random.Next(files.Encounters.Count);
            var row = random.Next(files.Registry.Count);
            if (files.IsItself(encounter, row))
                continue;
            Compare.Persons(files.Encounters[encounter], files.Registry[row], parameters, seen);
            sample.Add(seen);
        }

        return sample;
    }

    private static (PairSample Sample, int Queries) Candidates(FilePair files, RowSearch search, Parameters parameters)
    {
        var order = Enumerable.Range(0, files.Encounters.Count).ToArray();
        new Random(Seed).Shuffle(order);
        var sample = new PairSample(parameters);
        var seen = new List<Observation>();
        var queries = 0;
        while (queries < order.Length && sample.Count < MostCandidatePairs)
        {
            var encounter = order[queries++];
            foreach (var row in search.Find(files.Encounters[encounter], out _))
            {
                if (files.IsItself(encounter, row))
                    continue;
                Compare.Persons(files.Encounters[encounter], files.Registry[row], parameters, seen);
                sample.Add(seen);
            }
        }

        return (sample, queries);
    }
}
