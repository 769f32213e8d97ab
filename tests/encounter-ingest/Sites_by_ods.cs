using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Safeguarding.Contracts.Encounters;
using Safeguarding.EncounterIngest.Organisations;
using Safeguarding.EncounterIngest.Tests.Hl7v2;
using Safeguarding.Hosting.Privacy;
using Safeguarding.TestKit;

namespace Safeguarding.EncounterIngest.Tests;

/// <summary>The file of ODS: how it is loaded, and what is said of the site codes of encounters by it.</summary>
public sealed class Sites_by_ods(Mllp mllp) : IClassFixture<Mllp>
{
    private const string Trust = "RZZ";

    private readonly HttpClient _trust = mllp.Under.Client(Trust, "encounter.submit", "site.write");
    private readonly HttpClient _operator = mllp.Under.Client("HUB", "ops");

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_file_is_loaded_as_a_whole_and_loaded_again_without_a_change()
    {
        await LoadAsync(Samples.Text("ods.xml").Replace("RYY01", "RYY09", StringComparison.Ordinal));

        var loaded = await LoadAsync();
        var again = await LoadAsync();

        Assert.Equal(
            """
            {"publishedOn":"2026-11-24","records":15,"kept":12,"added":1,"changed":0,"removed":1,"kinds":[{"kind":"trust","count":3},{"kind":"trustSite","count":6},{"kind":"walkInCentre","count":1},{"kind":"gpPractice","count":1},{"kind":"constabulary","count":1}]}
            """.Trim(),
            loaded.ToJsonString()
        );
        Assert.Equal((0, 0, 0), ((int)again["added"]!, (int)again["changed"]!, (int)again["removed"]!));
        var renamed = await LoadAsync(
            Samples.Text("ods.xml").Replace("OTHER GENERAL HOSPITAL", "NEW NAME", StringComparison.Ordinal)
        );
        Assert.Equal((0, 1, 0), ((int)renamed["added"]!, (int)renamed["changed"]!, (int)renamed["removed"]!));
        Assert.Equal("NEW NAME", (await NamesAsync("RYY01"))["RYY01"]?["name"]?.GetValue<string>());
        Assert.Contains(await mllp.Under.AuditAsync(), mark => mark is { Act: "ods.load", Outcome: "success" });
    }

    [Theory]
    [InlineData("truncated", "line 100")]
    [InlineData("with a document type", "line 1")]
    [InlineData("of changes", "line 5")]
    [InlineData("with fewer records than it says", "line 163")]
    [InlineData("with an organisation without a code", "line 19")]
    [InlineData("with a trust without a name", "line 19")]
    [InlineData("of nothing that is known", "line 163")]
    [InlineData("of what closed long ago", "line 163")]
    [InlineData("of something else", "line 1")]
    public async Task A_file_that_is_broken_is_refused_with_its_line_and_changes_nothing(string file, string line)
    {
        await LoadAsync();
        var sample = Samples.Text("ods.xml").Replace("EXAMPLE GENERAL", "WRONG GENERAL", StringComparison.Ordinal);
        var lines = sample.ReplaceLineEndings("\n").Split('\n');
        var broken = file switch
        {
            "truncated" => string.Join('\n', lines[..100]),
            "with a document type" => sample.Replace(
                "<HSCOrgRefData:OrgRefData ",
                "<!DOCTYPE a [<!ENTITY b \"c\">]><HSCOrgRefData:OrgRefData ",
                StringComparison.Ordinal
            ),
            "of changes" => sample.Replace("value=\"Full\"", "value=\"Delta\"", StringComparison.Ordinal),
            "with fewer records than it says" => sample.Replace("\"15\"", "\"16\"", StringComparison.Ordinal),
            "with an organisation without a code" => sample.Replace(
                "assigningAuthorityName=\"HSCIC\" extension=\"RZZ\"",
                "",
                StringComparison.Ordinal
            ),
            "with a trust without a name" => sample.Replace(
                "EXAMPLE HOSPITALS NHS TRUST",
                " ",
                StringComparison.Ordinal
            ),
            "of what closed long ago" => sample.Replace("\"Active\"", "\"Inactive\"", StringComparison.Ordinal),
            "of nothing that is known" => sample.Replace("id=\"RO", "id=\"XO", StringComparison.Ordinal),
            _ => "{}",
        };

        using var answer = await _operator.PostAsync("/ops/ods", AsXml(broken), Cancelled);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        var problem = await answer.Content.ReadFromJsonAsync<JsonNode>(Cancelled);
        Assert.Equal("ods-file-invalid", problem!["code"]!.GetValue<string>());
        Assert.Equal(line, problem["errors"]![0]!["field"]!.GetValue<string>());
        Assert.Equal("EXAMPLE GENERAL HOSPITAL", (await NamesAsync("RZZ01"))["RZZ01"]?["name"]?.GetValue<string>());
    }

    [Theory]
    [InlineData("RZZ01", null, "EXAMPLE GENERAL HOSPITAL")]
    [InlineData("D3H7C", null, "EXAMPLE CHILDREN'S HOSPITAL")]
    [InlineData("RZZ10", "site-not-in-ods", null)]
    [InlineData("VL1XX", "site-not-in-ods", null)]
    [InlineData("RYY01", "site-of-another", "OTHER GENERAL HOSPITAL")]
    [InlineData("RZZ03", "site-of-another", "HOSPITAL THAT CHANGED HANDS")]
    [InlineData("A99991", "site-of-another", "EXAMPLE SURGERY")]
    [InlineData("RZZ02", "site-closed", "EXAMPLE COTTAGE HOSPITAL", "ODS names its successor: D3H7C.")]
    [InlineData("RZX01", "site-closed", "FORMER INFIRMARY")]
    [InlineData("RZZ88", null, "As the trust calls it")]
    [InlineData("RZZ", null, "EXAMPLE HOSPITALS NHS TRUST")]
    [InlineData("Y9W1C", null, "EXAMPLE WALK-IN CENTRE", null, CareSetting.UrgentTreatmentCentre)]
    public async Task A_site_reads_as_its_name_and_a_doubtful_code_is_a_warning(
        string site,
        string? code,
        string? name,
        string? detail = null,
        CareSetting setting = CareSetting.Unknown
    )
    {
        await LoadAsync();
        await RegisterAsync("RZZ88");
        var sealer = mllp.Under.Services.GetRequiredService<Sealer>();
        var events = await mllp.Under.Bus.ListenAsync<EncounterReceived>();
        var visit = Samples.NewVisit();
        var encounter = Samples.Encounter(visit);
        encounter["class"]!["code"] = "AMB";
        encounter["location"]![0]!["location"]!["identifier"]!["value"] = site;
        encounter.AsObject().Remove("serviceProvider");

        using var request = new HttpRequestMessage(HttpMethod.Post, "/fhir/Encounter") { Content = encounter.AsJson() };
        request.Headers.Add("Prefer", "return=OperationOutcome");
        using var answer = await _trust.SendAsync(request, Cancelled);
        using var checkedOnly = await _trust.PostAsync("/fhir/Encounter/$validate", encounter.AsJson(), Cancelled);

        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        foreach (var said in (HttpResponseMessage[])[answer, checkedOnly])
        {
            var outcome = await said.Content.ReadFromJsonAsync<JsonNode>(Cancelled);
            var issue = outcome!["issue"]![0]!;
            Assert.Equal(code ?? "fine", issue["details"]!["coding"]![0]!["code"]!.GetValue<string>());
            Assert.Equal(code is null ? "information" : "warning", issue["severity"]!.GetValue<string>());
            Assert.Equal(detail, issue["diagnostics"]?.GetValue<string>());
        }

        var received = await events.One(e => sealer.Open(e.Place).EncounterReference == visit);
        var place = sealer.Open(received.Place);
        Assert.Equal((site, name), (place.SiteOds, place.SiteName));
        Assert.Equal("EXAMPLE HOSPITALS NHS TRUST", place.OrganisationName);
        if (setting != CareSetting.Unknown)
            Assert.Equal(setting, place.Setting);
    }

    [Theory]
    [InlineData("RZZ01", "MSA|AA|E1000001")]
    [InlineData("D3H7C", "MSA|AA|E1000001")]
    [InlineData("D3H7D", "MSA|AA|E1000001|PV1-3 site-unknown")]
    [InlineData("RZZ10", "MSA|AA|E1000001|PV1-3 site-not-in-ods")]
    [InlineData("RZZ03", "MSA|AA|E1000001|PV1-3 site-of-another")]
    [InlineData("RZZ02", "MSA|AA|E1000001|PV1-3 site-closed")]
    public async Task A_doubtful_code_in_a_message_is_acknowledged_with_a_warning(string site, string acknowledged)
    {
        await LoadAsync();
        await using var trust = await mllp.ConnectAsync();

        var answer = await trust.SendAsync(Visit.New().Arrived().Replace("RZZ01", site, StringComparison.Ordinal));

        Assert.Equal(acknowledged, answer!.Split('\r')[1]);
    }

    [Fact]
    public async Task Whose_site_a_service_provider_is_ods_says_and_not_the_letters_of_its_code()
    {
        await LoadAsync();
        var encounter = Samples.Encounter();
        encounter.AsObject().Remove("location");
        encounter["serviceProvider"] = new JsonObject
        {
            ["identifier"] = new JsonObject
            {
                ["system"] = "https://fhir.nhs.uk/Id/ods-organization-code",
                ["value"] = "D3H7C",
            },
        };

        using var answer = await _trust.PostAsync("/fhir/Encounter/$validate", encounter.AsJson(), Cancelled);

        Assert.Contains("\"fine\"", await answer.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("RZZ01", null)]
    [InlineData("RZZ10", "site-not-in-ods")]
    [InlineData("RYY01", "site-of-another")]
    [InlineData("RZZ02", "site-closed")]
    public async Task A_site_is_registered_whatever_ods_says_and_the_answer_warns(string site, string? code)
    {
        await LoadAsync();
        using var answer = await _trust.PutAsJsonAsync(
            $"/organisations/{Trust}/sites/{site}",
            new { name = "North wing", setting = "paediatricWard" },
            Cancelled
        );
        var registered = await answer.Content.ReadFromJsonAsync<JsonObject>(Cancelled);
        // Other tests doubt it.
        await mllp.Under.Db(db => db.Sites.Where(one => one.Ods == site).ExecuteDeleteAsync(Cancelled));

        Assert.True(answer.IsSuccessStatusCode);
        Assert.Equal("North wing", registered!["name"]!.GetValue<string>());
        Assert.Equal(code, registered["warning"]?["code"]?.GetValue<string>());
    }

    [Fact]
    public async Task Whoever_has_a_token_reads_how_organisations_are_called()
    {
        await LoadAsync();

        var names = await NamesAsync("E09000012", "rzz", "RZX", "E10000006", "E08000019", "RZZ02", "NOSUCH");

        Assert.Equal(
            [
                "E09000012 London Borough of Hackney council councils active ",
                "RZZ EXAMPLE HOSPITALS NHS TRUST trust ods active ",
                "RZX FORMER EXAMPLE NHS TRUST trust ods ended RZZ",
                "E10000006 Cumbria County Council council councils ended E06000063 E06000064",
                "E08000019 Sheffield City Council council councils ended E08000039",
                "RZZ02 EXAMPLE COTTAGE HOSPITAL trustSite ods ended D3H7C",
            ],
            names.Values.Select(one =>
                $"{one["code"]} {one["name"]} {one["kind"]} {one["source"]} {one["status"]} "
                + string.Join(' ', one["successors"]!.AsArray())
            )
        );
        using var council = mllp.Under.Client("E09000012", "plan.read");
        foreach (var query in (string[])["", $"?{string.Join('&', Enumerable.Repeat("code=RZZ", 101))}"])
        {
            using var refused = await council.GetAsync($"/organisations{query}", Cancelled);
            Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        }
    }

    [Fact]
    public void A_deployments_own_names_come_first_and_without_a_file_of_ods_nothing_is_doubted()
    {
        var names = new OrganisationOptions
        {
            Names =
            {
                ["E08999901"] = "Northmoor Council",
                ["RZZ"] = "Our trust",
                ["43"] = "Westhollow Police",
            },
        };
        var directory = new OrganisationDirectory(Options.Create(names));

        Assert.Equal("Northmoor Council", directory.Name("E08999901"));
        Assert.Equal("Our trust", directory.Name("RZZ"));
        Assert.Equal("Westhollow Police", directory.Name("43"));
        Assert.Null(directory.Name("RZZ01"));
        Assert.Null(directory.Doubt("RZZ10", "RZZ"));
        Assert.Equal(CareSetting.Unknown, directory.Setting("Y9W1C"));
    }

    private async Task<JsonNode> LoadAsync(string? file = null)
    {
        using var answer = await _operator.PostAsync("/ops/ods", AsXml(file ?? Samples.Text("ods.xml")), Cancelled);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Cancelled));
        return (await answer.Content.ReadFromJsonAsync<JsonNode>(Cancelled))!;
    }

    private async Task<Dictionary<string, JsonNode>> NamesAsync(params string[] codes)
    {
        using var council = mllp.Under.Client("E09000012", "plan.read");
        var answer = await council.GetFromJsonAsync<JsonNode>(
            $"/organisations?{string.Join('&', codes.Select(code => $"code={code}"))}",
            Cancelled
        );
        return answer!["organisations"]!.AsArray().ToDictionary(one => one!["code"]!.GetValue<string>(), one => one!);
    }

    private async Task RegisterAsync(string site)
    {
        using var answer = await _trust.PutAsJsonAsync(
            $"/organisations/{Trust}/sites/{site}",
            new { name = "As the trust calls it", setting = "unknown" },
            Cancelled
        );
        Assert.True(answer.IsSuccessStatusCode);
    }

    private static StringContent AsXml(string text) => new(text, Encoding.UTF8, "application/xml");
}
