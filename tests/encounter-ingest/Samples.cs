using System.Text;
using System.Text.Json.Nodes;
using Safeguarding.Contracts;
using Safeguarding.TestKit;

namespace Safeguarding.EncounterIngest.Tests;

/// <summary>Resources to send: the files under Samples, and changes to them.</summary>
internal static class Samples
{
    public const string VisitSystem = "https://trust.example/Id/visit";
    private static int _visit;

    public static string Text(string file) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Samples", file));

    public static JsonNode Json(string file) => JsonNode.Parse(Text(file))!;

    /// <summary>An emergency visit of a child, under an identifier and NHS number of its own.</summary>
    public static JsonNode Encounter(string? visit = null, NhsNumber? number = null)
    {
        var encounter = Json("encounter.json");
        encounter["identifier"]![0]!["value"] = visit ?? NewVisit();
        encounter["contained"]![0]!["identifier"]![0]!["value"] = (number ?? Synthetic.NextNhsNumber()).Reveal();
        return encounter;
    }

    public static string NewVisit() => $"V{Interlocked.Increment(ref _visit):D6}";

    public static StringContent AsJson(this JsonNode resource) => AsFhir(resource.ToJsonString());

    public static StringContent AsFhir(string body, string mediaType = "application/fhir+json") =>
        new(body, Encoding.UTF8, mediaType);
}
