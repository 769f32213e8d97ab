using Safeguarding.Matching.Rules;
using Safeguarding.Matching.Rules.Comparisons;
using Safeguarding.Matching.Rules.Estimation;

namespace Safeguarding.Matching.Files;

/// <summary>Fits the parameters to the files: always how many rows there are; with <c>--estimate</c> all figures, without any truth.</summary>
internal static class FitParameters
{
    private const int Seed = 20261122;
    private const int PairsByChance = 300_000;
    private const int MostCandidatePairs = 400_000;
    private const int Rounds = 2;

    /// <summary>The document with the files' own columns added, each with the figures of its kind.</summary>
    public static Parameters ForColumns(Parameters parameters, FilePair files)
    {
        var traits = new Dictionary<string, TraitLevels>(parameters.Traits);
        foreach (var trait in files.Traits)
            traits[trait] = traits[trait[..trait.IndexOf('.', StringComparison.Ordinal)]];
        return parameters with { Traits = traits, Register = parameters.Register with { Size = Math.Max(files.Registry.Count, 1) } };
    }

    public static Parameters Estimated(Parameters start, FilePair files, RowIndex index, Action<string> tell)
    {
        var personOf = Enumerable.Range(0, files.Registry.Count + (files.Self ? 0 : files.Encounters.Count)).ToArray();
        var everybody = files.Self ? files.Registry : [.. files.Registry, .. files.Encounters];
        var parameters = start;
        for (var round = 1; round <= Rounds; round++)
        {
            var shares = SharesOf.Persons(everybody, personOf);
            parameters = parameters with
            {
                Version = "estimated",
                Population = new("estimated", shares, "Estimated from the files."),
            };
            parameters = Estimate.Strangers(parameters, ByChance(files, parameters));
            parameters = new Dependences(everybody, parameters).Found(Seed);
            var (sample, queries) = Candidates(files, index, parameters);
            parameters = Estimate.SamePerson(parameters, sample, (double)queries * files.Registry.Count, queries);
            tell($"estimated, round {round}: {parameters.Register.OnRegister:F3} rows of one person a query, {parameters.Register.Housemate:F4} of one home");
        }

        return parameters;
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

    private static (PairSample Sample, int Queries) Candidates(FilePair files, RowIndex index, Parameters parameters)
    {
        var order = Enumerable.Range(0, files.Encounters.Count).ToArray();
        new Random(Seed).Shuffle(order);
        var sample = new PairSample(parameters);
        var seen = new List<Observation>();
        var queries = 0;
        while (queries < order.Length && sample.Count < MostCandidatePairs)
        {
            var encounter = order[queries++];
            foreach (var row in index.Find(files.Encounters[encounter], out _))
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
