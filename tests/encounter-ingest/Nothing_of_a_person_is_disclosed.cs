using System.Text.Json.Nodes;
using Safeguarding.TestKit;
using static Safeguarding.EncounterIngest.Tests.What_a_trust_was_refused;

namespace Safeguarding.EncounterIngest.Tests;

/// <summary>One word stands in every field of a refused encounter that says anything of a person.</summary>
public sealed class Nothing_of_a_person_is_disclosed(Service service) : IClassFixture<Service>
{
    private const string Canary = "Zyxcanary";

    private static readonly string Whole = Marked("status").ToJsonString();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static TheoryData<string, string, string> Refused =>
        new()
        {
            { "a status", "/fhir/Encounter", Whole },
            { "a date of birth", "/fhir/Encounter", Marked("birthDate").ToJsonString() },
            { "a sex", "/fhir/Encounter", Marked("gender").ToJsonString() },
            { "a time", "/fhir/Encounter", Marked("start").ToJsonString() },
            { "a reference", "/fhir/Encounter", Marked("reference").ToJsonString() },
            { "half a document", "/fhir/Encounter", Whole[..(Whole.Length / 2)] },
            {
                "an element's name",
                "/fhir/Encounter",
                Whole.Replace("\"family\"", $"\"{Canary}\"", StringComparison.Ordinal)
            },
            { "a type", "/fhir/Encounter", Whole.Replace("\"Encounter\"", $"\"{Canary}\"", StringComparison.Ordinal) },
            {
                "broken XML",
                "/fhir/Encounter",
                $"<Encounter xmlns=\"http://hl7.org/fhir\"><id value=\"{Canary}\"/><{Canary}>"
            },
            { "in a transaction", "/fhir", InBundle("transaction", Marked("status"), "Encounter") },
            { "a request's address", "/fhir", InBundle("transaction", Marked(""), Canary) },
            { "in a batch", "/fhir", InBundle("batch", Marked("birthDate"), "Encounter") },
            { "in a message", "/fhir/$process-message", InBundle("message", Marked("status"), "Encounter") },
        };

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task In_no_log_line_refusal_metric_or_trace_of_what_is_refused(
        string what,
        string address,
        string body
    )
    {
        using var overheard = Overheard.At(service.Under.Services);
        var trust = service.Under.Client(NewTrust(), "encounter.submit");

        using var content = Samples.AsFhir(body, body[0] == '<' ? "application/fhir+xml" : "application/fhir+json");
        var answer = await trust.PostAsync(address, content, Cancelled);
        var rows = (await RefusalsAsync(trust, 1)).ToJsonString();

        foreach (var kind in new[] { "log: ", "trace: ", "metric: hub.refus" })
            Assert.Contains(overheard.Said, said => said.StartsWith(kind, StringComparison.Ordinal));
        string[] told = [$"row: {rows}", .. overheard.Said];
        Assert.DoesNotContain(told, said => said.Contains(Canary, StringComparison.OrdinalIgnoreCase));
        // Where a name of its own is at fault, its sender is told which.
        var outcome = await answer.Content.ReadAsStringAsync(Cancelled);
        Assert.Equal(what is "an element's name" or "a type", outcome.Contains(Canary, StringComparison.Ordinal));
    }

    /// <param name="fault">The property that is refused for what it says.</param>
    private static JsonNode Marked(string fault)
    {
        var encounter = Samples.Encounter();
        var patient = encounter["contained"]![0]!;
        patient["identifier"]!.AsArray().Add(Identifier("https://fhir.nhs.uk/Id/nhs-number", Canary));
        patient["identifier"]!.AsArray().Add(Identifier($"urn:{Canary}", Canary));
        patient["name"] = new JsonArray(
            new JsonObject
            {
                ["family"] = Canary,
                ["given"] = new JsonArray(Canary),
                ["prefix"] = new JsonArray(Canary),
                ["text"] = Canary,
            }
        );
        patient["telecom"] = new JsonArray(new JsonObject { ["system"] = "phone", ["value"] = Canary });
        patient["address"] = new JsonArray(
            new JsonObject
            {
                ["line"] = new JsonArray(Canary),
                ["city"] = Canary,
                ["postalCode"] = Canary,
                ["text"] = Canary,
            }
        );
        patient["contact"] = new JsonArray(
            new JsonObject
            {
                ["name"] = new JsonObject { ["family"] = Canary, ["text"] = Canary },
            }
        );
        encounter["identifier"]![0]!["value"] = $"{Canary}-{Samples.NewVisit()}";
        encounter["reasonCode"] = new JsonArray(new JsonObject { ["text"] = Canary });
        encounter["serviceProvider"] = new JsonObject { ["display"] = Canary };
        encounter["text"] = new JsonObject { ["status"] = "generated", ["div"] = $"<div>{Canary}</div>" };
        switch (fault)
        {
            case "status":
                encounter["status"] = Canary;
                break;
            case "start":
                encounter["period"] = new JsonObject { ["start"] = Canary };
                break;
            case "reference":
                encounter["subject"] = new JsonObject { ["reference"] = $"Patient/{Canary}", ["display"] = Canary };
                break;
            case "birthDate" or "gender":
                patient[fault] = Canary;
                break;
        }

        return encounter;
    }

    private static JsonObject Identifier(string system, string value) =>
        new() { ["system"] = system, ["value"] = value };

    private static string InBundle(string type, JsonNode encounter, string requested)
    {
        JsonNode[] before =
            type == "message" ? [Refused_bundles.Entry("urn:h", Refused_bundles.Header(), "MessageHeader")] : [];
        return Bundle(type, [.. before, Refused_bundles.Entry($"urn:x:{Canary}", encounter, requested)]).ToJsonString();
    }
}
