using System.Text.Json;
using System.Text.Json.Nodes;
using Safeguarding.Matching.Rules.Model;

namespace Safeguarding.Matching.Tests.Rules;

/// <summary>A document of parameters that does not fit these rules is refused, with what is wrong named.</summary>
public sealed class Documents_of_figures
{
    public static TheoryData<string, string> Levels { get; } =
        new(
            Parameters.Default.Traits.SelectMany(trait => trait.Value.Levels.Select(level => (trait.Key, level.Level)))
        );

    [Theory, MemberData(nameof(Levels))]
    public void That_lack_a_level_are_refused_by_its_name(string trait, string level)
    {
        var message = Refused(traits =>
        {
            var levels = traits[trait]!["levels"]!.AsArray();
            levels.Remove(levels.Single(own => (string?)own!["level"] == level));
        });

        Assert.Contains($"lack the level {level} of {trait},", message, StringComparison.Ordinal);
    }

    [Fact]
    public void That_have_what_no_rule_finds_are_refused_too()
    {
        Assert.Contains(
            "lack the trait phone",
            Refused(traits => traits.AsObject().Remove("phone")),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "have a trait shoe that no rule compares",
            Refused(traits => traits["shoe"] = traits["sex"]!.DeepClone()),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "have a level nearly of sex that no rule finds",
            Refused(traits => traits["sex"]!["levels"]!.AsArray().Add(Level("nearly"))),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "have a level of phone twice",
            Refused(traits => traits["phone"]!["levels"]!.AsArray().Add(Level("equal"))),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "give sex another number of figures on givenName than levels",
            Refused(traits => traits["sex"]!["given"]!["u"]!.AsArray().RemoveAt(0)),
            StringComparison.Ordinal
        );
    }

    private static string Refused(Action<JsonNode> change)
    {
        using var written = new MemoryStream();
        Parameters.Default.Write(written);
        var document = JsonNode.Parse(written.ToArray())!;
        change(document["traits"]!);
        using var changed = new MemoryStream(JsonSerializer.SerializeToUtf8Bytes(document));

        return Assert.Throws<JsonException>(() => Parameters.Read(changed)).Message;
    }

    private static JsonObject Level(string name) =>
        new()
        {
            ["level"] = name,
            ["m"] = 0.1,
            ["u"] = 0.1,
            ["housemate"] = 0.1,
        };
}
