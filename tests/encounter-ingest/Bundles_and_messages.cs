using System.Net;
using System.Text.Json.Nodes;
using Hl7.Fhir.Model;
using Hl7.Fhir.Serialization;
using Microsoft.Extensions.DependencyInjection;
using Safeguarding.Contracts.Encounters;
using Safeguarding.Contracts.Persons;
using Safeguarding.Hosting.Privacy;
using Task = System.Threading.Tasks.Task;

namespace Safeguarding.EncounterIngest.Tests;

public sealed class Bundles_and_messages(Service service) : IClassFixture<Service>
{
    private readonly HttpClient _trust = service.Under.Client("RZZ", "encounter.submit");

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_transaction_is_one_encounter_with_its_patient_and_concern()
    {
        var events = await service.Under.Bus.ListenAsync<EncounterReceived>();
        var answer = await _trust.PostAsync("/fhir", Transaction().AsJson(), Cancelled);
        var text = await answer.Content.ReadAsStringAsync(Cancelled);

        Assert.True(answer.StatusCode == HttpStatusCode.OK, text);
        var bundle = FhirJsonDeserializer.DEFAULT.Deserialize<Bundle>(text);
        Assert.Equal(["200", "201", "200"], bundle.Entry.Select(entry => entry.Response!.Status));
        var id = Guid.Parse(bundle.Entry[1].Response!.Location!["Encounter/".Length..]);
        var received = await events.One(e => e.EncounterId == id);
        Assert.Equal(["836881000000105"], received.Concerns);
        Assert.Equal(
            "Quilfield",
            service.Under.Services.GetRequiredService<Sealer>().Open(received.Patient).Names[0].Family
        );
    }

    [Fact]
    public async Task A_transaction_is_stored_whole_or_not_at_all_and_names_the_entry_at_fault()
    {
        var transaction = Transaction();
        var second = transaction["entry"]![1]!.DeepClone();
        second["fullUrl"] = "urn:uuid:2f0c3a52-5a0c-4ad0-8d38-7b1f5a3f0009";
        second["resource"]!["identifier"]![0]!["value"] = Samples.NewVisit();
        second["request"] = new JsonObject
        {
            ["method"] = "PUT",
            ["url"] = $"Encounter?identifier={Samples.VisitSystem}|{second["resource"]!["identifier"]![0]!["value"]}",
            ["ifMatch"] = "W/\"4\"",
        };
        transaction["entry"]!.AsArray().Add(second);

        var unmet = await _trust.PostAsync("/fhir", transaction.AsJson(), Cancelled);
        Assert.Equal(HttpStatusCode.PreconditionFailed, unmet.StatusCode);
        Assert.Contains("Bundle.entry[3]", await unmet.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);

        second["request"]!.AsObject().Remove("ifMatch");
        second["resource"]!["status"] = "gone home";
        var faulty = await _trust.PostAsync("/fhir", transaction.AsJson(), Cancelled);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, faulty.StatusCode);
        Assert.Contains(
            "Bundle.entry[3].resource.status",
            await faulty.Content.ReadAsStringAsync(Cancelled),
            StringComparison.Ordinal
        );

        // Neither left anything behind: the first encounter is still new.
        second["resource"]!["status"] = "arrived";
        var bundle = FhirJsonDeserializer.DEFAULT.Deserialize<Bundle>(
            await (await _trust.PostAsync("/fhir", transaction.AsJson(), Cancelled)).Content.ReadAsStringAsync(
                Cancelled
            )
        );
        Assert.Equal(["200", "201", "200", "201"], bundle.Entry.Select(entry => entry.Response!.Status));
    }

    [Fact]
    public async Task A_booking_and_referral_message_in_XML_is_answered_with_a_message()
    {
        var events = await service.Under.Bus.ListenAsync<EncounterReceived>();
        var message = Samples.Text("message.xml").Replace("V000000", Samples.NewVisit(), StringComparison.Ordinal);
        var answer = await _trust.PostAsync(
            "/fhir/$process-message",
            Samples.AsFhir(message, "application/fhir+xml"),
            Cancelled
        );
        var text = await answer.Content.ReadAsStringAsync(Cancelled);

        Assert.True(answer.StatusCode == HttpStatusCode.OK, text);
        var header = (MessageHeader)FhirXmlDeserializer.DEFAULT.Deserialize<Bundle>(text).Entry[0].Resource!;
        Assert.Equal("11111111-aaaa-4aaa-8aaa-000000000001", header.Response!.Identifier);
        var received = await events.One(e =>
            header.Focus[0].Reference!.EndsWith(e.EncounterId.ToString(), StringComparison.Ordinal)
        );
        Assert.Equal(["U"], received.Concerns);
        Assert.IsType<PersonIdentifier.Withheld>(
            service.Under.Services.GetRequiredService<Sealer>().Open(received.Patient).Identifier
        );
    }

    [Fact]
    public async Task A_notification_is_taken_bare_and_inside_a_message_and_an_elective_admission_raises_nothing()
    {
        var events = await service.Under.Bus.ListenAsync<EncounterReceived>();
        var notification = Samples.Json("notification.json");
        notification["entry"]![1]!["resource"]!["identifier"]![0]!["value"] = Samples.NewVisit();
        var wrapped = new JsonObject
        {
            ["resourceType"] = "Bundle",
            ["type"] = "message",
            ["entry"] = new JsonArray(
                new JsonObject
                {
                    ["fullUrl"] = "urn:uuid:1",
                    ["resource"] = new JsonObject
                    {
                        ["resourceType"] = "MessageHeader",
                        ["focus"] = new JsonArray(new JsonObject { ["reference"] = "urn:uuid:2" }),
                    },
                },
                new JsonObject { ["fullUrl"] = "urn:uuid:2", ["resource"] = notification.DeepClone() }
            ),
        };

        var bare = await _trust.PostAsync("/fhir/$process-message", notification.AsJson(), Cancelled);
        Assert.True(bare.StatusCode == HttpStatusCode.OK, await bare.Content.ReadAsStringAsync(Cancelled));
        Assert.False((await events.AtLeast(1))[0].Unscheduled);
        var again = await _trust.PostAsync("/fhir/$process-message", wrapped.AsJson(), Cancelled);
        Assert.True(again.StatusCode == HttpStatusCode.OK, await again.Content.ReadAsStringAsync(Cancelled));

        notification["entry"]!.AsArray().RemoveAt(1);
        Assert.Equal(
            HttpStatusCode.UnprocessableEntity,
            (await _trust.PostAsync("/fhir/$process-message", notification.AsJson(), Cancelled)).StatusCode
        );
        notification["entry"]![0]!["resource"]!["parameter"]![0]!["valueCode"] = "heartbeat";
        Assert.Equal(
            HttpStatusCode.OK,
            (await _trust.PostAsync("/fhir/$process-message", notification.AsJson(), Cancelled)).StatusCode
        );
    }

    [Fact]
    public async Task Validate_says_what_a_post_would_and_stores_nothing()
    {
        var encounter = Samples.Encounter();
        encounter["status"] = "completed";
        var answer = await _trust.PostAsync("/fhir/Encounter/$validate", encounter.AsJson(), Cancelled);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains(
            "Encounter.status",
            await answer.Content.ReadAsStringAsync(Cancelled),
            StringComparison.Ordinal
        );

        encounter["status"] = "arrived";
        Assert.Contains(
            "\"fine\"",
            await (
                await _trust.PostAsync("/fhir/Encounter/$validate", encounter.AsJson(), Cancelled)
            ).Content.ReadAsStringAsync(Cancelled),
            StringComparison.Ordinal
        );
        Assert.Equal(
            HttpStatusCode.Created,
            (await _trust.PostAsync("/fhir/Encounter", encounter.AsJson(), Cancelled)).StatusCode
        );
    }

    /// <summary>
    /// Line and column begin at one and count characters; what is missing is said of what should have it.
    /// </summary>
    [Theory]
    [InlineData("{\n  \"resourceType\": \"Encounter\",\n  \"status\": \"completed\"\n}", "code-unknown", 3, 3)]
    [InlineData("{\"resourceType\":\"Encounter\",\n\"id\":\"é\",\"status\":\"?\"}", "code-unknown", 2, 10)]
    [InlineData("\n {\"resourceType\": \"Encounter\"}", "status-missing", 2, 2)]
    [InlineData(
        "{\"resourceType\":\"Encounter\",\"contained\":[\n {\"resourceType\":\"Patient\",\"id\":\"q\",\n"
            + "  \"birthDate\":\"2016-02-30\"}],\"subject\":{\"reference\":\"#q\"}}",
        "birth-date-invalid",
        3,
        3
    )]
    [InlineData("{\n \"resourceType\": \"Encounter\",\n  oops }", "json-malformed", 3, 3)]
    [InlineData(
        "<Encounter xmlns=\"http://hl7.org/fhir\">\n  <status value=\"completed\"/>\n</Encounter>",
        "code-unknown",
        2,
        4
    )]
    [InlineData("<Encounter xmlns=\"http://hl7.org/fhir\">\n  <status>\n</Encounter>", "xml-malformed", 3, 3)]
    public async Task Validate_says_at_which_line_and_column_an_issue_is(string text, string code, int line, int column)
    {
        using var content = new StringContent(
            text,
            null,
            text is ['<', ..] ? "application/fhir+xml" : "application/fhir+json"
        );
        using var request = new HttpRequestMessage(HttpMethod.Post, "/fhir/Encounter/$validate") { Content = content };
        request.Headers.Accept.ParseAdd("application/fhir+json");
        using var engineers = service.Under.Person("RZZ", "integration-engineer");

        using var answer = await engineers.SendAsync(request, Cancelled);

        var outcome = JsonNode.Parse(await answer.Content.ReadAsStringAsync(Cancelled))!;
        var issue = outcome["issue"]!
            .AsArray()
            .FirstOrDefault(one => (string?)one!["details"]!["coding"]![0]!["code"] == code);
        Assert.True(issue is not null, outcome.ToJsonString());
        Assert.Equal(
            [(LinePosition, line), (ColumnPosition, column)],
            issue["extension"]!.AsArray().Select(one => ((string)one!["url"]!, (int)one["valueInteger"]!))
        );
    }

    private const string LinePosition = "http://hl7.org/fhir/StructureDefinition/operationoutcome-issue-line";
    private const string ColumnPosition = "http://hl7.org/fhir/StructureDefinition/operationoutcome-issue-col";

    [Fact]
    public async Task The_capability_statement_is_valid_needs_no_token_and_says_what_is_mapped()
    {
        var client = service.Under.Anonymous();
        var statement = FhirJsonDeserializer.DEFAULT.Deserialize<CapabilityStatement>(
            await client.GetStringAsync("/fhir/metadata", Cancelled)
        );
        var resource = statement.Rest[0].Resource[0];

        Assert.Equal("Encounter", resource.Type);
        Assert.Equal(
            ["create", "read", "search-type", "update"],
            resource.Interaction.Select(one => Hl7.Fhir.Utility.EnumUtility.GetLiteral(one.Code)).Order()!
        );
        Assert.Equal((true, true), (resource.ConditionalCreate, resource.ConditionalUpdate));
        Assert.Equal(
            ["validate", "process-message"],
            [resource.Operation[0].Name, statement.Rest[0].Operation[0].Name]
        );
        Assert.Equal(CapabilityStatement.SystemRestfulInteraction.Transaction, statement.Rest[0].Interaction[0].Code);
        FhirXmlDeserializer.DEFAULT.Deserialize<CapabilityStatement>(
            await client.GetStringAsync("/fhir/metadata?_format=xml", Cancelled)
        );
    }

    [Fact]
    public async Task The_OpenAPI_document_has_every_route()
    {
        var document = JsonNode.Parse(await service.Under.Anonymous().GetStringAsync("/openapi/v1.json", Cancelled))!;
        foreach (
            var path in new[]
            {
                "/fhir/Encounter",
                "/fhir/Encounter/{id}",
                "/fhir/Encounter/$validate",
                "/fhir/$process-message",
                "/fhir/metadata",
                "/organisations/{organisation}/sites/{site}",
            }
        )
        {
            Assert.NotNull(document["paths"]![path]);
        }
    }

    private static JsonNode Transaction()
    {
        var transaction = Samples.Json("transaction.json");
        transaction["entry"]![1]!["resource"]!["identifier"]![0]!["value"] = Samples.NewVisit();
        return transaction;
    }
}
