using Safeguarding.Matching.Rules.Lookup;
using Safeguarding.Matching.Rules.Model;

namespace Safeguarding.Bench.Linkage;

/// <summary>
/// As many attendances for each name-origin group, of children who are not on the register and none of whose family
/// is, so that the error of a small group is no larger than that of a large one.
/// </summary>
internal static class StrangersBench
{
    private const int AtOnce = 20_000;

    public static void Run(
        TextWriter text,
        int perGroup,
        Register register,
        RegisterIndex index,
        Population population,
        Writing writing,
        Parameters parameters
    )
    {
        var matched = new List<(string Group, int Hits, int Of)>();
        var asked = new List<(string Group, int Hits, int Of)>();
        foreach (var origin in Origin.All)
        {
            var (falseMatches, reviews) = (0, 0);
            for (var done = 0; done < perGroup; done += AtOnce)
            {
                var verdicts = Enumerable
                    .Range(0, Math.Min(AtOnce, perGroup - done))
                    .Select(_ => writing.Of(OneOf(population.NewHome(origin), population)))
                    .ToList()
                    .AsParallel()
                    .Select(query => Answer.Of(query, index, parameters).Judged(register))
                    .ToList();
                falseMatches += verdicts.Count(verdict => verdict.MatchedStranger);
                reviews += verdicts.Count(verdict => verdict.Review);
            }

            matched.Add((origin.Name, falseMatches, perGroup));
            asked.Add((origin.Name, reviews, perGroup));
            text.WriteLine($"{origin.Name}: {falseMatches} matched, {reviews} asked about, of {perGroup:N0}");
        }

        OriginGap.Print(text, "automatic matches to a stranger, per 100,000 strangers' attendances", matched, 100_000);
        OriginGap.Print(text, "reviews, per 100,000 strangers' attendances", asked, 100_000);
    }

    private static Child OneOf(Home home, Population population) =>
        home.Children[population.Random.Next(home.Children.Count)];
}
