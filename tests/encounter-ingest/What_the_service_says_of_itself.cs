using System.Net;
using System.Text.Json.Nodes;
using Hl7.Fhir.Model;
using Hl7.Fhir.Serialization;
using Safeguarding.EncounterIngest.Fhir;
using Safeguarding.EncounterIngest.Storage;
using Safeguarding.TestKit;

namespace Safeguarding.EncounterIngest.Tests;

public sealed class What_the_service_says_of_itself(Service service) : IClassFixture<Service>
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async System.Threading.Tasks.Task Its_public_address_is_a_setting_and_never_the_callers_host()
    {
        await using var other = await ServiceUnderTest<EncounterIngestDb>.StartAsync(
            service.Under.Surroundings.Servers,
            new Dictionary<string, string?> { ["Hub:PublicUrl"] = "https://hub.example/encounters/" }
        );
        var trust = other.Client("RZZ", "encounter.submit");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/fhir/Encounter")
        {
            Content = Samples.Encounter().AsJson(),
        };
        request.Headers.Host = "attacker.example";
        request.Headers.TryAddWithoutValidation("X-Forwarded-Host", "attacker.example");

        var answer = await trust.SendAsync(request, Cancelled);

        Assert.StartsWith(
            "https://hub.example/encounters/fhir/Encounter/",
            answer.Headers.Location!.ToString(),
            StringComparison.Ordinal
        );
        var statement = await StatementAsync(trust);
        Assert.Equal("https://hub.example/encounters/fhir", statement.Implementation!.Url);
        Assert.Equal(
            "https://hub.example/encounters/fhir/$process-message",
            statement.Messaging![0].Endpoint![0].Address
        );
        var openApi = JsonNode.Parse(await trust.GetStringAsync("/openapi/v1.json", Cancelled))!;
        Assert.Equal("https://hub.example/encounters", (string?)openApi["servers"]![0]!["url"]);
    }

    [Fact]
    public async System.Threading.Tasks.Task Without_the_setting_it_is_where_the_service_listens()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/fhir/metadata");
        request.Headers.Host = "attacker.example";

        var text = await (await service.Under.Client("RZZ").SendAsync(request, Cancelled)).Content.ReadAsStringAsync(
            Cancelled
        );

        Assert.DoesNotContain("attacker", text, StringComparison.Ordinal);
    }

    [Fact]
    public async System.Threading.Tasks.Task The_CapabilityStatement_says_what_a_client_needs_to_begin()
    {
        var statement = await StatementAsync(service.Under.Client("RZZ"));

        Assert.Equal("https://safeguarding-hub.uk/fhir/CapabilityStatement/encounter-ingest", statement.Url);
        Assert.False(string.IsNullOrEmpty(statement.Version) || string.IsNullOrEmpty(statement.Software!.Version));
        var rest = Assert.Single(statement.Rest);
        Assert.Equal(
            [
                "Bundle:  $validate",
                "CodeSystem: read search-type url=uri:conformance-url",
                "Encounter: create update search-type read _id=token:Resource-id identifier=token:clinical-identifier $validate",
            ],
            rest.Resource!.Select(Said).Order(StringComparer.Ordinal)
        );
        var messaging = Assert.Single(statement.Messaging);
        Assert.Equal(
            [
                (CapabilityStatement.EventCapabilityMode.Receiver, "encounter"),
                (CapabilityStatement.EventCapabilityMode.Sender, "encounter-received"),
            ],
            messaging.SupportedMessage.Select(message =>
                (message.Mode!.Value, ((Coding)Defined(statement, message.Definition!).Event!).Code!)
            )
        );
        Assert.Equal(
            [
                CapabilityStatement.SystemRestfulInteraction.Transaction,
                CapabilityStatement.SystemRestfulInteraction.Batch,
            ],
            rest.Interaction.Select(interaction => interaction.Code!.Value)
        );
        var token = rest.Security!.GetExtension(
                "http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris"
            )!
            .GetExtensionValue<FhirUri>("token");
        Assert.EndsWith("/connect/token", token!.Value, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/fhir/CodeSystem/encounter-ingest-issue")]
    [InlineData("/fhir/CodeSystem?url=https://safeguarding-hub.uk/fhir/CodeSystem/encounter-ingest-issue")]
    public async System.Threading.Tasks.Task Every_code_that_it_answers_is_explained(string address)
    {
        var resource = FhirJsonDeserializer.DEFAULT.DeserializeResource(
            await service.Under.Client("RZZ").GetStringAsync(address, Cancelled)
        );

        var codes = resource as CodeSystem ?? (CodeSystem)((Bundle)resource!).Entry.Single().Resource!;

        Assert.Equal(
            IssueKind.All.Select(kind => (kind.Code, kind.Text)),
            codes.Concept.Select(concept => (concept.Code!, concept.Definition!))
        );
        Assert.Equal(codes.Concept.Count, codes.Concept.DistinctBy(concept => concept.Code).Count());
    }

    [Fact]
    public async System.Threading.Tasks.Task A_sender_finds_its_own_encounters_and_nobody_elses()
    {
        var trust = service.Under.Client("RZZ", "encounter.submit");
        var visit = Samples.NewVisit();
        var posted = await trust.PostAsync("/fhir/Encounter", Samples.Encounter(visit).AsJson(), Cancelled);
        var id = posted.Headers.Location!.Segments[^1];
        var token = $"{Samples.VisitSystem}|{visit}";
        var search = $"/fhir/Encounter?identifier={Uri.EscapeDataString(token)}";

        Assert.Equal(id, (await FindAsync(trust, search)).Single());
        Assert.Equal(id, (await FindAsync(trust, $"/fhir/Encounter?_id={id}&_format=json")).Single());
        Assert.Empty(await FindAsync(trust, $"/fhir/Encounter?identifier={Uri.EscapeDataString(token + "x")}"));
        Assert.Empty(await FindAsync(service.Under.Client("RYY", "encounter.submit"), search));
        Assert.Empty(await FindAsync(service.Under.Client("RYY", "encounter.submit"), $"/fhir/Encounter?_id={id}"));
        using var form = new FormUrlEncodedContent([new("identifier", token)]);
        var answer = await trust.PostAsync("/fhir/Encounter/_search", form, Cancelled);
        Assert.Equal(id, Ids(await answer.Content.ReadAsStringAsync(Cancelled)).Single());
        Assert.DoesNotContain(visit, Link(await trust.GetStringAsync(search, Cancelled)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("?identifier=")]
    [InlineData("?identifier=value-alone")]
    [InlineData("?identifier=urn:a%7C1&_id=x")]
    [InlineData("?identifier=urn:a%7C1&identifier=urn:a%7C2")]
    [InlineData("?patient=9000000009")]
    [InlineData("?date=2026-11-28")]
    public async System.Threading.Tasks.Task A_search_that_it_does_not_know_is_refused(string query)
    {
        var answer = await service
            .Under.Client("RZZ", "encounter.submit")
            .GetAsync($"/fhir/Encounter{query}", Cancelled);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal(
            "OperationOutcome",
            FhirJsonDeserializer
                .DEFAULT.DeserializeResource(await answer.Content.ReadAsStringAsync(Cancelled))!
                .TypeName
        );
    }

    private static MessageDefinition Defined(CapabilityStatement statement, string definition) =>
        statement.Contained.OfType<MessageDefinition>().Single(one => $"#{one.Id}" == definition);

    private static string Said(CapabilityStatement.ResourceComponent resource) =>
        string.Join(
            ' ',
            [
                $"{resource.Type}:",
                string.Join(' ', resource.Interaction.Select(one => one.CodeElement!.JsonValue)),
                .. resource
                    .SearchParam.OrderBy(one => one.Name, StringComparer.Ordinal)
                    .Select(one => $"{one.Name}={one.TypeElement!.JsonValue}:{one.Definition!.Split('/')[^1]}"),
                .. resource.Operation.Select(one => $"${one.Name}"),
            ]
        );

    private static async Task<CapabilityStatement> StatementAsync(HttpClient client) =>
        FhirJsonDeserializer.DEFAULT.Deserialize<CapabilityStatement>(
            await client.GetStringAsync("/fhir/metadata", Cancelled)
        );

    private static async Task<List<string>> FindAsync(HttpClient client, string address) =>
        Ids(await client.GetStringAsync(address, Cancelled));

    private static List<string> Ids(string bundle) =>
        [.. FhirJsonDeserializer.DEFAULT.Deserialize<Bundle>(bundle)!.Entry.Select(entry => entry.Resource!.Id!)];

    private static string Link(string bundle) =>
        FhirJsonDeserializer.DEFAULT.Deserialize<Bundle>(bundle)!.Link.Single().Url!;
}
