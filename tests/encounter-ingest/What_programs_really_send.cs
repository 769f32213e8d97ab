using System.Diagnostics.Metrics;
using System.Net;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;

namespace Safeguarding.EncounterIngest.Tests;

public sealed class What_programs_really_send(Service service) : IClassFixture<Service>
{
    private readonly HttpClient _trust = service.Under.Client("RZZ", "encounter.submit");

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Of_a_batch_each_entry_stands_or_falls_alone()
    {
        var bundle = Bundle(
            "batch",
            (
                "PUT",
                "Encounter/5d8ff14c-d5a8-3d13-a68e-d4e88d35a26d",
                Encounter("5d8ff14c-d5a8-3d13-a68e-d4e88d35a26d")
            ),
            ("PUT", "Encounter/2", With(Encounter("2"), e => e["status"] = "gone home")),
            ("GET", "Encounter/3", Encounter("3")),
            ("PUT", "Encounter/other", Encounter("4")),
            ("PUT", "Encounter/5", Encounter("5"))
        );

        var (status, text) = await Post("/fhir", bundle);
        Assert.True(status == HttpStatusCode.OK, text);
        var answer = JsonNode.Parse(text)!;
        Assert.Equal("batch-response", answer["type"]!.GetValue<string>());
        Assert.Equal(["201", "422", "422", "400", "201"], Statuses(answer));
        Assert.Equal(
            ["code-unknown", "entry-request-unsupported", "id-mismatch"],
            Enumerable
                .Range(1, 3)
                .Select(i =>
                    answer["entry"]![i]!["response"]!["outcome"]!["issue"]![0]!["details"]!["coding"]![0]![
                        "code"
                    ]!.GetValue<string>()
                )
        );

        // Sent again: what was stored is known by its business identifier, whatever id the client has made this time.
        bundle["entry"]![0]!["resource"]!["id"] = "another";
        bundle["entry"]![0]!["request"]!["url"] = "Encounter/another";
        var again = JsonNode.Parse((await Post("/fhir", bundle)).Text)!;
        Assert.Equal(["200", "422", "422", "400", "200"], Statuses(again));
        Assert.Equal(Location(answer, 0), Location(again, 0));
    }

    [Theory]
    [InlineData("batch", "422")]
    [InlineData("transaction", null)]
    public async Task The_hubs_own_id_of_one_encounter_is_not_another_ones(string type, string? status)
    {
        var known = await _trust.PostAsync("/fhir/Encounter", Samples.Encounter().AsJson(), Cancelled);
        var id = known.Headers.Location!.Segments[^1];
        var (code, text) = await Post("/fhir", Bundle(type, ("PUT", $"Encounter/{id}", Encounter(id))));
        Assert.Equal(status is null ? HttpStatusCode.UnprocessableEntity : HttpStatusCode.OK, code);
        Assert.Contains("encounter-identifier-changed", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("W/\"1\"", null, HttpStatusCode.OK)]
    [InlineData("w/\"1\"", null, HttpStatusCode.OK)]
    [InlineData("\"1\"", null, HttpStatusCode.OK)]
    [InlineData("1", null, HttpStatusCode.OK)]
    [InlineData("W/\"7\", W/\"1\"", null, HttpStatusCode.OK)]
    [InlineData("*", null, HttpStatusCode.OK)]
    [InlineData("W/\"2\"", null, HttpStatusCode.PreconditionFailed)]
    [InlineData("W/\"one\"", null, HttpStatusCode.BadRequest)]
    [InlineData("W/\"-1\"", null, HttpStatusCode.BadRequest)]
    [InlineData(null, "*", HttpStatusCode.PreconditionFailed)]
    [InlineData(null, "W/\"1\"", HttpStatusCode.BadRequest)]
    public async Task Versions_are_asked_for_in_every_form(string? ifMatch, string? ifNoneMatch, HttpStatusCode status)
    {
        var encounter = Samples.Encounter();
        var id = (await _trust.PostAsync("/fhir/Encounter", encounter.AsJson(), Cancelled)).Headers.Location!.Segments[
            ^1
        ];
        encounter["id"] = id;
        var search = Uri.EscapeDataString($"{Samples.VisitSystem}|{encounter["identifier"]![0]!["value"]}");
        foreach (
            var address in new[]
            {
                $"/fhir/Encounter/{id}",
                $"/fhir/Encounter/{id.ToUpperInvariant()}",
                $"/fhir/Encounter?identifier={search}",
            }
        )
        {
            Assert.Equal(status, (await Put(address, encounter, ifMatch, ifNoneMatch)).StatusCode);
        }
    }

    [Fact]
    public async Task If_match_and_if_none_match_of_an_encounter_that_is_not_there()
    {
        var encounter = Samples.Encounter();
        var address =
            $"/fhir/Encounter?identifier={Uri.EscapeDataString($"{Samples.VisitSystem}|{encounter["identifier"]![0]!["value"]}")}";
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await Put(address, encounter, "*", null)).StatusCode);
        Assert.Equal(HttpStatusCode.Created, (await Put(address, encounter, null, "*")).StatusCode);
    }

    [Theory]
    [InlineData("W/\"1\"", HttpStatusCode.NotModified)]
    [InlineData("\"1\"", HttpStatusCode.NotModified)]
    [InlineData("W/\"3\", \"1\"", HttpStatusCode.NotModified)]
    [InlineData("*", HttpStatusCode.NotModified)]
    [InlineData("W/\"2\"", HttpStatusCode.OK)]
    [InlineData("something", HttpStatusCode.OK)]
    public async Task What_a_reader_has_already_is_not_sent_again(string ifNoneMatch, HttpStatusCode status)
    {
        var location = (await _trust.PostAsync("/fhir/Encounter", Samples.Encounter().AsJson(), Cancelled))
            .Headers
            .Location!;
        var request = new HttpRequestMessage(HttpMethod.Get, location.AbsolutePath);
        request.Headers.TryAddWithoutValidation("If-None-Match", ifNoneMatch);
        Assert.Equal(status, (await _trust.SendAsync(request, Cancelled)).StatusCode);
    }

    [Theory]
    // The identifier's value, and how a search names it.
    [InlineData("A|1", "A\\|1")]
    [InlineData("A|1", "A%5C%7C1")]
    [InlineData("A,1", "A\\,1")]
    [InlineData("A,1", "A,1")]
    [InlineData("A$1", "A\\$1")]
    [InlineData("A\\1", "A\\\\1")]
    [InlineData("A\\1", "A\\1")]
    [InlineData("A+1", "A%2B1")]
    [InlineData("A+1", "A+1")]
    [InlineData("A 1", "A+1")]
    [InlineData("A 1", "A%201")]
    [InlineData("A&1", "A%261")]
    [InlineData("Ä/1", "%C3%84/1")]
    public async Task Searches_name_identifiers_with_every_escape(string value, string search)
    {
        var encounter = Samples.Encounter(value + Samples.NewVisit());
        var rest = encounter["identifier"]![0]!["value"]!.GetValue<string>()[value.Length..];
        var query = $"identifier={Samples.VisitSystem}|{search}{rest}";
        var created = await Put($"/fhir/Encounter?{query}", encounter, null, null);
        Assert.True(created.StatusCode == HttpStatusCode.Created, await created.Content.ReadAsStringAsync(Cancelled));

        var request = new HttpRequestMessage(HttpMethod.Post, "/fhir/Encounter") { Content = encounter.AsJson() };
        request.Headers.TryAddWithoutValidation("If-None-Exist", query);
        Assert.Equal(HttpStatusCode.OK, (await _trust.SendAsync(request, Cancelled)).StatusCode);
        var bundle = Bundle("transaction", ("PUT", $"Encounter?{query}", encounter.AsObject()));
        Assert.Equal(["200"], Statuses(JsonNode.Parse((await Post("/fhir", bundle)).Text)!));
    }

    [Fact]
    public async Task What_is_passed_over_is_counted_by_organisation_and_code_and_by_nothing_of_the_child()
    {
        var counted = new List<string>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Name == "hub.encounters.passed_over")
                self.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>(
            (_, _, tags, _) =>
            {
                lock (counted)
                    counted.Add(string.Join(' ', tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}")));
            }
        );
        listener.Start();
        var encounter = Samples.Encounter();
        encounter["contained"]![0]!["identifier"]![0]!["value"] = "9434765918";
        var trust = service.Under.Client("RXM", "encounter.submit");
        Assert.Equal(
            HttpStatusCode.Created,
            (await trust.PostAsync("/fhir/Encounter", encounter.AsJson(), Cancelled)).StatusCode
        );

        lock (counted)
        {
            Assert.Equal(
                ["organisation=RXM code=nhs-number-passed-over", "organisation=RXM code=organisation-differs"],
                counted.Where(one => one.Contains("RXM", StringComparison.Ordinal)).Order(StringComparer.Ordinal)
            );
        }
    }

    [Theory]
    [InlineData(
        "{\n  \"resourceType\": \"Encounter\",\n  \"status\": arrived\n}",
        false,
        "json-malformed",
        "Line 3, column 13."
    )]
    [InlineData("{\"resourceType\":\"Encounter\",\"id\":\"é\",}", false, "json-malformed", "Line 1, column 38.")]
    [InlineData("{\"resourceType\":\"Encounter\"", false, "json-malformed", "Line 1, column 28.")]
    [InlineData(
        "<Encounter xmlns='http://hl7.org/fhir'>\n  <status value='arrived'>\n</Encounter>",
        true,
        "xml-malformed",
        "Line 3, column 3."
    )]
    [InlineData(
        "<Encounter xmlns='http://hl7.org/fhir'>\n  words</Encounter>",
        true,
        "xml-malformed",
        "Line 1, column 40."
    )]
    [InlineData(
        "<Encounter xmlns='http://hl7.org/fhir'>\n  <status xmlns='' value='arrived'/></Encounter>",
        true,
        "xml-namespace",
        "Line 2, column 4."
    )]
    public async Task Malformed_documents_are_refused_with_line_and_column(
        string body,
        bool xml,
        string code,
        string where
    )
    {
        var answer = await _trust.PostAsync(
            "/fhir/Encounter",
            Samples.AsFhir(body, xml ? "application/fhir+xml" : "application/fhir+json"),
            Cancelled
        );
        var text = await answer.Content.ReadAsStringAsync(Cancelled);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains(code, text, StringComparison.Ordinal);
        Assert.Contains(where, text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Too_large_a_body_gets_the_limit_and_a_wrong_method_the_right_ones()
    {
        var large = await _trust.PostAsync("/fhir/Encounter", Samples.AsFhir(new string(' ', 300_000)), Cancelled);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, large.StatusCode);
        Assert.Contains("262144 bytes", await large.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);

        var method = await _trust.DeleteAsync($"/fhir/Encounter/{Guid.CreateVersion7()}", Cancelled);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, method.StatusCode);
        Assert.Equal(["GET", "PUT"], method.Content.Headers.Allow.Order(StringComparer.Ordinal));
        Assert.Contains("GET, PUT", await method.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("37-two-hospitals-one-bundle", "fine")]
    [InlineData("32-fhir-converter-shape-batch", "fine")]
    [InlineData("05c-wrong-child-alerted", "fine")]
    [InlineData("25-notification-two-versions", "fine")]
    [InlineData("35-flag-of-another-child", "concern-passed-over")]
    [InlineData("14k-control-right-system", "resource-type-wrong")]
    public async Task A_Bundle_is_validated_as_it_would_be_taken_and_nothing_is_stored(string file, string code)
    {
        var trust = service.Under.Client("RXV", "encounter.submit");
        foreach (var isWrapped in new[] { false, true })
        {
            var resource = Samples.Json($"cases/{file}.json");
            var body = isWrapped
                ? new JsonObject
                {
                    ["resourceType"] = "Parameters",
                    ["parameter"] = new JsonArray(new JsonObject { ["name"] = "resource", ["resource"] = resource }),
                }
                : resource;
            var answer = await trust.PostAsync("/fhir/Bundle/$validate", body.AsJson(), Cancelled);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Contains($"\"{code}\"", await answer.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
        }

        Assert.False(await service.Under.Db(db => db.Encounters.AnyAsync(row => row.Organisation == "RXV", Cancelled)));
    }

    [Fact]
    public async Task Validating_a_batch_says_what_each_entry_would_be_refused_for()
    {
        var (_, text) = await Post(
            "/fhir/Bundle/$validate",
            Bundle(
                "batch",
                ("PUT", "Encounter/2", With(Encounter("2"), e => e["status"] = "gone home")),
                ("GET", "Encounter/3", Encounter("3"))
            )
        );
        Assert.Contains("code-unknown", text, StringComparison.Ordinal);
        Assert.Contains("entry-request-unsupported", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_answer_to_a_message_says_what_was_passed_over()
    {
        var message = Samples
            .Text("message.xml")
            .Replace("V000000", Samples.NewVisit(), StringComparison.Ordinal)
            .Replace(
                "<subject><reference value=\"urn:uuid:11111111-aaaa-4aaa-8aaa-000000000004\" /></subject>\n      "
                    + "</Flag>",
                "<subject><reference value=\"Patient/elsewhere\" /></subject>\n      </Flag>",
                StringComparison.Ordinal
            );
        var answer = await _trust.PostAsync(
            "/fhir/$process-message?_format=json",
            Samples.AsFhir(message, "application/fhir+xml"),
            Cancelled
        );
        var bundle = JsonNode.Parse(await answer.Content.ReadAsStringAsync(Cancelled))!;

        Assert.Equal(
            bundle["entry"]![1]!["fullUrl"]!.GetValue<string>(),
            bundle["entry"]![0]!["resource"]!["response"]!["details"]!["reference"]!.GetValue<string>()
        );
        Assert.Contains("concern-passed-over", bundle["entry"]![1]!.ToJsonString(), StringComparison.Ordinal);
    }

    private async Task<(HttpStatusCode Status, string Text)> Post(string address, JsonNode body)
    {
        var answer = await _trust.PostAsync(address, body.AsJson(), Cancelled);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(Cancelled));
    }

    private Task<HttpResponseMessage> Put(string address, JsonNode body, string? ifMatch, string? ifNoneMatch)
    {
        var request = new HttpRequestMessage(HttpMethod.Put, address) { Content = body.AsJson() };
        if (ifMatch is not null)
            request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        if (ifNoneMatch is not null)
            request.Headers.TryAddWithoutValidation("If-None-Match", ifNoneMatch);
        return _trust.SendAsync(request, Cancelled);
    }

    private static IEnumerable<string> Statuses(JsonNode bundle) =>
        bundle["entry"]!.AsArray().Select(entry => entry!["response"]!["status"]!.GetValue<string>());

    private static string Location(JsonNode bundle, int at) =>
        bundle["entry"]![at]!["response"]!["location"]!.GetValue<string>();

    private static JsonObject Encounter(string id) =>
        With(Samples.Encounter().AsObject(), encounter => encounter["id"] = id);

    private static JsonObject With(JsonObject resource, Action<JsonObject> change)
    {
        change(resource);
        return resource;
    }

    private static JsonObject Bundle(string type, params (string Method, string Url, JsonObject Resource)[] entries) =>
        new()
        {
            ["resourceType"] = "Bundle",
            ["type"] = type,
            ["entry"] = new JsonArray([
                .. entries.Select(entry => new JsonObject
                {
                    ["resource"] = entry.Resource.DeepClone(),
                    ["request"] = new JsonObject { ["method"] = entry.Method, ["url"] = entry.Url },
                }),
            ]),
        };
}
