using System.Globalization;
using System.Text;
using Safeguarding.Matching.Rules.Model;
using Safeguarding.TestKit;

namespace Safeguarding.Matching.Tests.Rules;

public sealed class Scorecard
{
    private const string Start = "<!-- scorecard:start -->";
    private const string End = "<!-- scorecard:end -->";

    [Fact]
    public void The_table_in_the_README_is_what_the_parameters_say()
    {
        var path = Path.Combine(Repository.Root, "services", "matching", "Rules", "README.md");
        var text = File.ReadAllText(path);
        var from = text.IndexOf(Start, StringComparison.Ordinal) + Start.Length;
        var table = text[from..text.IndexOf(End, StringComparison.Ordinal)].Trim();
        var expected = Table();

        // HUB_UPDATE_DOCS=1 writes the table again.
        if (Environment.GetEnvironmentVariable("HUB_UPDATE_DOCS") == "1")
        {
            File.WriteAllText(
                path,
                $"{text[..from]}\n{expected}\n{text[text.IndexOf(End, StringComparison.Ordinal)..]}"
            );
        }
        else
        {
            Assert.Equal(expected, table);
        }
    }

    [Fact]
    public void Thresholds_follow_from_the_costs()
    {
        var costs = Parameters.Default.Costs;

        Assert.Equal(1 - (costs.Review / costs.WrongAlert), costs.MatchAt);
        Assert.Equal(costs.Review / costs.MissedChild, costs.ReviewAt);
        Assert.True(costs.ReviewAt < costs.MatchAt);
    }

    private static string Table()
    {
        var table = new StringBuilder(
            "| Trait | Level | m | u | Bits | Against a housemate |\n|---|---|---|---|---|---|\n"
        );
        var parameters = Parameters.Default;
        foreach (var (trait, levels) in parameters.Traits)
        {
            foreach (var level in levels.Levels)
            {
                var byShare =
                    parameters.Population.Shares.ContainsKey(trait)
                    && (level.Level is "equal" or "swapped" or "shared");
                table.Append(
                    CultureInfo.InvariantCulture,
                    $"| {trait} | {level.Level} | {level.M:G3} | {(byShare ? "by share" : level.U.ToString("G3", CultureInfo.InvariantCulture))} | {(byShare ? "by share" : Math.Log2(level.M / level.U).ToString("+0.0;-0.0;0.0", CultureInfo.InvariantCulture))} | {Math.Log2(level.M / level.Housemate):+0.0;-0.0;0.0} |\n"
                );
            }
        }

        return table.ToString().TrimEnd();
    }
}
