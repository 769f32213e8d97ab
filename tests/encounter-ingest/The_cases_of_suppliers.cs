using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Safeguarding.Contracts.Encounters;
using Safeguarding.Hosting.Privacy;

namespace Safeguarding.EncounterIngest.Tests;

/// <summary>What suppliers' systems really sent, under Samples/cases, each with what becomes of it.</summary>
public sealed class The_cases_of_suppliers(Service service) : IClassFixture<Service>, IAsyncLifetime
{
    private const string Alba = "9007001000";
    private const string Test = "9001000002";
    private readonly HttpClient _trust = service.Under.Client("RZ1", "encounter.submit", "site.write");

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        foreach (
            var (ods, setting) in new[]
            {
                ("RZ101", "emergencyDepartment"),
                ("RZ102", "emergencyDepartment"),
                ("RZ1FH", "scheduled"),
            }
        )
        {
            await _trust.PutAsJsonAsync(
                $"/organisations/RZ1/sites/{ods}",
                new { Name = ods, Setting = setting },
                Cancelled
            );
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Theory]
    // file, address, patients in order of the numbers, sites, codes of the answer
    [InlineData("37-two-hospitals-one-bundle", "/fhir", Alba + " 9007001019", "", "not-kept")]
    [InlineData("05c-wrong-child-alerted", "/fhir/$process-message", "9007001019", "", "")]
    [InlineData("05e-right-order-control", "/fhir/$process-message", Alba, "", "")]
    [InlineData("35-flag-of-another-child", "/fhir", Alba, "", "concern-passed-over not-kept reference-unresolved")]
    [InlineData("14l-system-lowercase-id", "/fhir/Encounter", Alba, "", "fine")]
    [InlineData("14j-nhs-oid-bare", "/fhir/Encounter", Test, "", "fine")]
    [InlineData("14k-control-right-system", "/fhir/Encounter", Alba, "", "fine")]
    [InlineData("13e-tx-merged-patient-replaced-by", "/fhir", Alba, "", "not-kept")]
    [InlineData("02d-tx-versioned-plan-child", "/fhir", Alba, "", "not-kept")]
    [InlineData("02e-control", "/fhir", Alba, "", "not-kept")]
    [InlineData("19b-location-ended-no-status", "/fhir/Encounter", Test, "RZ101", "fine")]
    [InlineData("39a-clinic-by-location-identifier", "/fhir/Encounter", Alba, "RZ1FH", "fine")]
    [InlineData("39b-clinic-by-serviceprovider-reference", "/fhir/Encounter", Alba, "RZ1FH", "fine")]
    [InlineData("25-notification-two-versions", "/fhir/$process-message", Alba, "", "fine")]
    [InlineData("25b-notification-one-version", "/fhir/$process-message", Alba, "", "fine")]
    [InlineData("32-fhir-converter-shape-batch", "/fhir", Alba, "RZ101", "not-kept")]
    [InlineData("32-fhir-converter-shape-transaction", "/fhir", Alba, "RZ101", "not-kept")]
    [InlineData("23d-class-v2-0004", "/fhir/Encounter", Test, "", "fine")]
    [InlineData("09b-tx-conditional-subject", "/fhir", Test, "", "")]
    public async Task They_are_stored_as_what_they_mean(
        string file,
        string address,
        string patients,
        string sites,
        string codes
    )
    {
        var events = await service.Under.Bus.ListenAsync<EncounterReceived>();
        var (status, body) = await Post(file, address);

        Assert.True(status is HttpStatusCode.OK or HttpStatusCode.Created, body);
        if (address != "/fhir/$process-message" || codes.Length > 0)
            Assert.Equal(codes, string.Join(' ', Codes(body)));
        var expected = patients.Split(' ');
        var received = await events.AtLeast(expected.Length);
        var sealer = service.Under.Services.GetRequiredService<Sealer>();
        Assert.Equal(
            expected,
            received.Select(one => sealer.Open(one.Patient).Identifier.NhsNumber!.Value.Reveal()).Order()
        );
        Assert.Equal(sites, string.Join(' ', received.Select(one => sealer.Open(one.Place).SiteOds).OfType<string>()));
        Assert.All(received, one => Assert.Empty(one.Concerns));
        Assert.Equal(sites != "RZ1FH", received[0].Unscheduled);
        if (file == "25-notification-two-versions")
            Assert.Equal(EncounterStatus.InProgress, received[0].Status);
        if (file == "23d-class-v2-0004")
        {
            Assert.Equal(
                "http://terminology.hl7.org/CodeSystem/v2-0004",
                JsonNode.Parse((await Post(file, address, "representation")).Body)!["class"]![
                    "system"
                ]!.GetValue<string>()
            );
        }
    }

    [Theory]
    [InlineData("04-minutes-no-seconds", "/fhir/Encounter", "date-time-without-seconds", "10:15+")]
    [InlineData("15h-offset-nocolon", "/fhir/Encounter", "date-time-invalid", "+0000")]
    [InlineData("18c-subject-Patient-p-contained", "/fhir/Encounter", "reference-without-hash", "Patient/p")]
    public async Task Or_they_are_refused_with_the_true_reason(
        string file,
        string address,
        string code,
        string neverEchoed
    )
    {
        var (status, body) = await Post(file, address);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, status);
        Assert.Equal([code], Codes(body));
        Assert.DoesNotContain(neverEchoed, body, StringComparison.Ordinal);
    }

    private async Task<(HttpStatusCode Status, string Body)> Post(
        string file,
        string address,
        string prefer = "OperationOutcome"
    )
    {
        var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = Samples.AsFhir(Text(file)) };
        request.Headers.Add("Prefer", $"return={prefer}");
        var answer = await _trust.SendAsync(request, Cancelled);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(Cancelled));
    }

    // Two of the cases are the same visit: each is posted as one of its own.
    private static string Text(string file) =>
        Samples.Text($"cases/{file}.json").Replace("\"fhir-25\"", $"\"{file}\"", StringComparison.Ordinal);

    /// <summary>The codes of every OperationOutcome in an answer.</summary>
    private static IEnumerable<string> Codes(string body) =>
        Outcomes(JsonNode.Parse(body)!)
            .SelectMany(outcome => outcome["issue"]!.AsArray())
            .Select(issue => issue!["details"]!["coding"]![0]!["code"]!.GetValue<string>())
            .Distinct()
            .Order(StringComparer.Ordinal);

    private static IEnumerable<JsonNode> Outcomes(JsonNode node) =>
        node["resourceType"]!.GetValue<string>() == "OperationOutcome"
            ? [node]
            : (node["entry"]?.AsArray() ?? []).Select(entry => entry!["response"]?["outcome"]).OfType<JsonNode>();
}
