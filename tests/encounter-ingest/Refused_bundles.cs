using System.Text.Json.Nodes;
using static Safeguarding.EncounterIngest.Tests.What_a_trust_was_refused;

namespace Safeguarding.EncounterIngest.Tests;

/// <summary>
/// Of a Bundle that is refused, each encounter's row says the truth of that encounter. In <c>what</c> each word is an
/// encounter: <c>ok</c>, or wrong in itself (<c>status</c>), in its Patient's entry (<c>born</c>), in its own entry
/// (<c>request</c>), or the one before once more (<c>again</c>).
/// </summary>
public sealed class Refused_bundles(Service service) : IClassFixture<Service>
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("transaction", "status ok", "status-missing refused-with-its-bundle")]
    [InlineData("transaction", "ok status ok", "refused-with-its-bundle status-missing refused-with-its-bundle")]
    [InlineData("transaction", "ok born", "refused-with-its-bundle birth-date-invalid")]
    [InlineData("transaction", "status born", "status-missing birth-date-invalid")]
    [InlineData("transaction", "ok request", "refused-with-its-bundle entry-request-unsupported")]
    [InlineData("transaction", "ok again", "refused-with-its-bundle encounter-repeated")]
    [InlineData("transaction", "ok stale", "refused-with-its-bundle precondition-failed")]
    [InlineData("batch", "ok status", "status-missing")]
    [InlineData("batch", "born status", "birth-date-invalid status-missing")]
    [InlineData("message", "ok status", "refused-with-its-bundle status-missing")]
    [InlineData("collection", "ok ok", "bundle-type-wrong bundle-type-wrong")]
    public async Task Each_encounter_of_a_refused_bundle_is_listed_with_its_own_reason(
        string type,
        string what,
        string codes
    )
    {
        var trust = service.Under.Client(NewTrust(), "encounter.submit");
        var bundle = Bundle(type);
        var entries = bundle["entry"]!.AsArray();
        if (type == "message")
            entries.Add(Entry("urn:uuid:h", Header(), "MessageHeader"));
        var visit = "";
        foreach (var (i, wrong) in what.Split(' ').Index())
        {
            if (wrong != "again")
                visit = Samples.NewVisit();
            var encounter = Samples.Encounter(visit);
            var patient = encounter["contained"]![0]!.DeepClone();
            encounter.AsObject().Remove("contained");
            encounter["subject"] = new JsonObject { ["reference"] = $"urn:uuid:p{i}" };
            if (wrong == "status")
                encounter.AsObject().Remove("status");
            if (wrong == "born")
                patient["birthDate"] = "2018-02-30";
            entries.Add(Entry($"urn:uuid:p{i}", patient, "Patient"));
            var entry = Entry($"urn:uuid:e{i}", encounter, wrong == "request" ? "Observation" : "Encounter");
            if (wrong == "stale")
            {
                entry["request"] = new JsonObject
                {
                    ["method"] = "PUT",
                    ["url"] = $"Encounter?identifier={Samples.VisitSystem}|{visit}",
                    ["ifMatch"] = "W/\"7\"",
                };
            }

            entries.Add(entry);
        }

        var address = type == "message" ? "/fhir/$process-message" : "/fhir";
        Assert.True((int)(await trust.PostAsync(address, bundle.AsJson(), Cancelled)).StatusCode < 500);

        var expected = codes.Split(' ');
        var rows = await RefusalsAsync(trust, expected.Length);
        Assert.Equal(expected.Order(), rows.Select(row => Text(row, "code")).Order());
        Assert.All(rows, row => Assert.StartsWith("Bundle.", Text(row, "path"), StringComparison.Ordinal));
        Assert.All(rows, row => Assert.NotNull(Text(row, "subject")));
    }

    internal static JsonObject Entry(string url, JsonNode resource, string requested) =>
        new()
        {
            ["fullUrl"] = url,
            ["resource"] = resource.DeepClone(),
            ["request"] = new JsonObject { ["method"] = "POST", ["url"] = requested },
        };

    internal static JsonObject Header() =>
        new()
        {
            ["resourceType"] = "MessageHeader",
            ["eventCoding"] = new JsonObject { ["system"] = "urn:x", ["code"] = "arrived" },
            ["source"] = new JsonObject { ["endpoint"] = "https://epr.example" },
        };
}
