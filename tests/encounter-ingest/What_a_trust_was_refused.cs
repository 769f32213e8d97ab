using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Safeguarding.TestKit;

namespace Safeguarding.EncounterIngest.Tests;

public sealed class What_a_trust_was_refused(Service service) : IClassFixture<Service>
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("POST /fhir/Encounter", "status-missing", "Encounter.status")]
    [InlineData("PUT /fhir/Encounter", "status-missing", "Encounter.status")]
    [InlineData("POST /fhir/", "status-missing", "Bundle.entry[0].resource.status")]
    [InlineData("POST /fhir/ (batch)", "status-missing", "Bundle.entry[0].resource.status")]
    [InlineData("POST /fhir/$process-message", "status-missing", "Bundle.entry[1].resource.status")]
    public async Task It_is_listed_until_the_same_encounter_is_accepted(string door, string code, string path)
    {
        var trust = service.Under.Client(NewTrust(), "encounter.submit");
        var visit = Samples.NewVisit();
        var encounter = Samples.Encounter(visit);
        encounter.AsObject().Remove("status");

        await SendAsync(trust, door, visit, encounter);
        var refusal = Assert.Single(await RefusalsAsync(trust, 1));
        Assert.Equal(
            (door.Split(" (")[0], code, path, (string?)null),
            (Text(refusal, "door"), Text(refusal, "code"), Text(refusal, "path"), Text(refusal, "acceptedAt"))
        );

        encounter["status"] = "arrived";
        Assert.True((await trust.PostAsync("/fhir/Encounter", encounter.AsJson(), Cancelled)).IsSuccessStatusCode);
        await Eventually.UntilAsync(async () => Text((await ListAsync(trust))[0]!, "acceptedAt") is not null);
        Assert.Empty(
            (await trust.GetFromJsonAsync<JsonObject>("/refusals?open=true", Cancelled))!["refusals"]!.AsArray()
        );
    }

    [Fact]
    public async Task An_engineer_sees_it_by_code_beside_a_usual_week_and_nothing_of_another_trust()
    {
        var (trust, another) = (NewTrust(), NewTrust());
        var epr = service.Under.Client(trust, "encounter.submit");
        var encounter = Samples.Encounter();
        encounter.AsObject().Remove("status");
        await epr.PostAsync("/fhir/Encounter", encounter.AsJson(), Cancelled);
        await epr.PostAsync("/fhir/Encounter", encounter.AsJson(), Cancelled);
        await RefusalsAsync(epr, 2);
        // Three weeks ago the same code was answered six times, and another once.
        await service.Under.Db(db =>
            db.Database.ExecuteSqlAsync(
                $"""
                INSERT INTO encounter_ingest.refusal_hour
                SELECT {trust}, date_trunc('hour', now() - interval '20 days', 'UTC'), code, refused
                FROM (VALUES ('status-missing', 6), ('class-missing', 1)) AS week (code, refused)
                """,
                Cancelled
            )
        );
        await service
            .Under.Client(another, "encounter.submit")
            .PostAsync("/fhir/Encounter", new JsonObject().AsJson(), Cancelled);

        var summary = await service
            .Under.Client(trust, "refusals.read")
            .GetFromJsonAsync<JsonObject>("/refusals/summary", Cancelled);

        Assert.Equal(
            [("status-missing", 2, 2.0, 2, "Encounter.status"), ("class-missing", 0, 0.3, 0, null)],
            summary!["codes"]!
                .AsArray()
                .Select(code =>
                    (
                        Text(code!, "code")!,
                        (int)code!["refused"]!,
                        (double)code["usual"]!,
                        (int)code["missing"]!,
                        Text(code, "path")
                    )
                )
        );
        Assert.Equal(2, summary["refusals"]!.AsArray().Count);
    }

    [Fact]
    public async Task Another_organisation_sees_none_of_it_and_a_row_holds_nothing_that_was_sent()
    {
        var trust = service.Under.Client(NewTrust(), "encounter.submit");
        var encounter = Samples.Encounter();
        encounter["identifier"]![0]!["value"] = "canary-visit";
        encounter["contained"]![0]!["name"]![0]!["family"] = "Canaryfamily";
        encounter["contained"]![0]!["address"] = new JsonArray(new JsonObject { ["postalCode"] = "CA1 1NY" });
        encounter["status"] = "canary-status";

        await trust.PostAsync("/fhir/Encounter", encounter.AsJson(), Cancelled);
        await RefusalsAsync(trust, 1);

        Assert.Empty(await ListAsync(service.Under.Client(NewTrust(), "encounter.submit")));
        var row = await service.Under.Db(db =>
            db.Database.SqlQueryRaw<string>(
                    """SELECT string_agg(refusal::text, ' ') AS "Value" FROM encounter_ingest.refusal"""
                )
                .SingleAsync(Cancelled)
        );
        Assert.DoesNotContain("canary", row, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("CA1", row, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"resourceType":"Encounter","CANARYNAME":"x"}""")]
    [InlineData("""{"resourceType":"Encounter","CANARYNAME":[{"CANARYINNER":1}]}""")]
    [InlineData("""{"resourceType":"Encounter","class":{"CANARYNAME":"x"}}""")]
    [InlineData("""{"resourceType":"Encounter","CANARYNAME":1,"CANARYNAME":2}""")]
    [InlineData("""{"resourceType":"CANARYNAME"}""")]
    [InlineData(
        """{"resourceType":"Bundle","type":"transaction","entry":[{"resource":{"resourceType":"CANARYNAME"}}]}"""
    )]
    public async Task A_name_that_the_sender_made_up_is_not_in_the_row(string body)
    {
        var trust = service.Under.Client(NewTrust(), "encounter.submit");
        await trust.PostAsync(
            body.Contains("Bundle", StringComparison.Ordinal) ? "/fhir" : "/fhir/Encounter",
            Samples.AsFhir(body),
            Cancelled
        );

        Assert.DoesNotContain("CANARY", (await RefusalsAsync(trust, 1)).ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_only_asks_or_has_no_right_is_no_refusal_of_an_encounter()
    {
        var organisation = NewTrust();
        var trust = service.Under.Client(organisation, "encounter.submit");
        var encounter = Samples.Encounter();
        encounter.AsObject().Remove("status");

        await trust.PostAsync("/fhir/Encounter/$validate", encounter.AsJson(), Cancelled);
        await trust.GetAsync($"/fhir/Encounter/{Guid.CreateVersion7()}", Cancelled);
        Assert.Equal(
            HttpStatusCode.Forbidden,
            (
                await service
                    .Under.Client(organisation, "site.write")
                    .PostAsync("/fhir/Encounter", encounter.AsJson(), Cancelled)
            ).StatusCode
        );
        await trust.PostAsync("/fhir/Encounter", Samples.AsFhir("{"), Cancelled);

        Assert.Equal("json-malformed", Text(Assert.Single(await RefusalsAsync(trust, 1)), "code"));
    }

    internal static string NewTrust() => $"R{Guid.CreateVersion7().ToString("N")[^5..].ToUpperInvariant()}";

    internal static string? Text(JsonNode? row, string name) => row?[name]?.GetValue<string>();

    private static async Task SendAsync(HttpClient trust, string door, string visit, JsonNode encounter)
    {
        JsonObject Entry(JsonNode resource) => new() { ["resource"] = resource.DeepClone() };
        JsonObject Requested() =>
            new()
            {
                ["resource"] = encounter.DeepClone(),
                ["request"] = new JsonObject { ["method"] = "POST", ["url"] = "Encounter" },
            };

        var search = Uri.EscapeDataString($"{Samples.VisitSystem}|{visit}");
        using var answer = door switch
        {
            "POST /fhir/Encounter" => await trust.PostAsync("/fhir/Encounter", encounter.AsJson(), Cancelled),
            "PUT /fhir/Encounter" => await trust.PutAsync(
                $"/fhir/Encounter?identifier={search}",
                encounter.AsJson(),
                Cancelled
            ),
            "POST /fhir/" => await trust.PostAsync("/fhir", Bundle("transaction", Requested()).AsJson(), Cancelled),
            "POST /fhir/ (batch)" => await trust.PostAsync("/fhir", Bundle("batch", Requested()).AsJson(), Cancelled),
            _ => await trust.PostAsync(
                "/fhir/$process-message",
                Bundle("message", Entry(Refused_bundles.Header()), Entry(encounter)).AsJson(),
                Cancelled
            ),
        };
        Assert.NotEqual(HttpStatusCode.InternalServerError, answer.StatusCode);
    }

    internal static JsonObject Bundle(string type, params JsonNode[] entries) =>
        new()
        {
            ["resourceType"] = "Bundle",
            ["type"] = type,
            ["entry"] = new JsonArray(entries),
        };

    private static async Task<JsonArray> ListAsync(HttpClient trust) =>
        (await trust.GetFromJsonAsync<JsonObject>("/refusals", Cancelled))!["refusals"]!.AsArray();

    internal static async Task<JsonArray> RefusalsAsync(HttpClient trust, int count)
    {
        await Eventually.UntilAsync(async () => (await ListAsync(trust)).Count >= count);
        return await ListAsync(trust);
    }
}
