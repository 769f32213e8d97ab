using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Safeguarding.Contracts.Encounters;
using Safeguarding.Hosting.Audit;
using Safeguarding.Hosting.Privacy;
using Safeguarding.TestKit;

namespace Safeguarding.EncounterIngest.Tests;

public sealed class The_life_of_an_encounter(Service service) : IClassFixture<Service>
{
    private readonly HttpClient _trust = service.Under.Client("RZZ", "encounter.submit", "site.write");

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Twenty_at_once_are_one_encounter_one_event_one_201_and_nineteen_200()
    {
        var events = await service.Under.Bus.ListenAsync<EncounterReceived>();
        var body = Samples.Encounter().ToJsonString();

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 20).Select(_ => _trust.PostAsync("/fhir/Encounter", Samples.AsFhir(body), Cancelled))
        );

        Assert.Equal(1, answers.Count(answer => answer.StatusCode == HttpStatusCode.Created));
        Assert.Equal(19, answers.Count(answer => answer.StatusCode == HttpStatusCode.OK));
        var id = Guid.Parse(Assert.Single(answers.Select(answer => answer.Headers.Location!.Segments[^1]).Distinct()));
        // One more encounter after them: once its event is here, any further event of theirs would be here too.
        await events.One(e => e.EncounterId == id);
        var last = await Post(Samples.Encounter());
        await events.One(e => e.EncounterId == last.Id);
        Assert.Single(events.All, e => e.EncounterId == id);
        Assert.Equal(
            1,
            await service.Under.Db(db => db.Set<AuditRecord>().CountAsync(row => row.Subject == id, Cancelled))
        );
    }

    [Fact]
    public async Task Two_replicas_agree_on_who_was_first()
    {
        await using var other = await ServiceUnderTest<Storage.EncounterIngestDb>.StartAsync(
            service.Under.Surroundings.Servers,
            surroundings: service.Under.Surroundings
        );
        var second = other.Client("RZZ", "encounter.submit");
        for (var round = 0; round < 5; round++)
        {
            var bodies = Enumerable.Range(0, 10).Select(_ => Samples.Encounter().ToJsonString()).ToList();
            var answers = await Task.WhenAll(
                bodies.SelectMany(body =>
                    new[] { _trust, second }.Select(client =>
                        client.PostAsync("/fhir/Encounter", Samples.AsFhir(body), Cancelled)
                    )
                )
            );
            Assert.Equal(
                (10, 10),
                (
                    answers.Count(a => a.StatusCode == HttpStatusCode.Created),
                    answers.Count(a => a.StatusCode == HttpStatusCode.OK)
                )
            );
        }
    }

    [Fact]
    public async Task It_goes_from_arrived_to_finished_and_can_be_taken_back()
    {
        var events = await service.Under.Bus.ListenAsync<EncounterReceived>();
        var encounter = Samples.Encounter();
        var first = await Post(encounter);
        foreach (var status in new[] { "triaged", "in-progress", "finished", "entered-in-error" })
        {
            encounter["status"] = status;
            Assert.Equal(
                (HttpStatusCode.OK, first.Id),
                await Post(encounter) is var (code, id, _) ? (code, id) : default
            );
        }

        await Eventually.UntilAsync(
            () => Task.FromResult(events.All.Count(e => e.EncounterId == first.Id)),
            seen => seen == 5
        );
        Assert.Equal(
            [
                EncounterStatus.Arrived,
                EncounterStatus.Triaged,
                EncounterStatus.InProgress,
                EncounterStatus.Finished,
                EncounterStatus.EnteredInError,
            ],
            events.All.Where(e => e.EncounterId == first.Id).OrderBy(e => e.Version).Select(e => e.Status)
        );
        Assert.Single(events.All.Where(e => e.EncounterId == first.Id).Select(e => e.ReceivedAt).Distinct());
    }

    [Fact]
    public async Task An_older_version_changes_nothing_and_a_version_without_a_time_goes_by_arrival()
    {
        var encounter = Samples.Encounter();
        encounter["meta"]!["lastUpdated"] = "2026-11-20T11:00:00Z";
        await Post(encounter);

        encounter["status"] = "planned";
        encounter["meta"]!["lastUpdated"] = "2026-11-20T10:59:59Z";
        var older = await Post(encounter, ("Prefer", "return=representation"));
        encounter["status"] = "finished";
        encounter["meta"]!.AsObject().Remove("lastUpdated");
        var later = await Post(encounter);
        encounter["status"] = "in-progress";
        encounter["meta"]!["lastUpdated"] = "2026-11-20T10:30:00Z";
        var olderStill = await Post(encounter, ("Prefer", "return=OperationOutcome"));

        Assert.Equal(
            (HttpStatusCode.OK, "arrived"),
            (older.Status, JsonNode.Parse(older.Body)!["status"]!.GetValue<string>())
        );
        Assert.Equal("finished", JsonNode.Parse(later.Body)!["status"]!.GetValue<string>());
        Assert.Contains("older-version", olderStill.Body, StringComparison.Ordinal);
        Assert.Equal(
            "finished",
            JsonNode.Parse(await _trust.GetStringAsync($"/fhir/Encounter/{later.Id}", Cancelled))![
                "status"
            ]!.GetValue<string>()
        );
    }

    [Fact]
    public async Task Conditions_are_kept()
    {
        var visit = Samples.NewVisit();
        var encounter = Samples.Encounter(visit);
        var search = $"identifier={Uri.EscapeDataString($"{Samples.VisitSystem}|{visit}")}";
        async Task<HttpStatusCode> Put(string address, string? ifMatch)
        {
            var request = new HttpRequestMessage(HttpMethod.Put, address) { Content = encounter.AsJson() };
            if (ifMatch is not null)
                request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
            return (await _trust.SendAsync(request, Cancelled)).StatusCode;
        }

        Assert.Equal(HttpStatusCode.PreconditionFailed, await Put($"/fhir/Encounter?{search}", "W/\"1\""));
        Assert.Equal(HttpStatusCode.Created, await Put($"/fhir/Encounter?{search}", null));
        Assert.Equal(HttpStatusCode.OK, await Put($"/fhir/Encounter?{search}", "W/\"1\""));
        encounter["status"] = "finished";
        var left = await Post(encounter, ("If-None-Exist", search));
        Assert.Equal(
            (HttpStatusCode.OK, "arrived"),
            (left.Status, JsonNode.Parse(left.Body)!["status"]!.GetValue<string>())
        );
        encounter["id"] = left.Id.ToString();
        Assert.Equal(HttpStatusCode.PreconditionFailed, await Put($"/fhir/Encounter/{left.Id}", "W/\"7\""));
        Assert.Equal(HttpStatusCode.OK, await Put($"/fhir/Encounter/{left.Id}", "W/\"1\""));
        Assert.Equal(HttpStatusCode.PreconditionFailed, await Put($"/fhir/Encounter/{left.Id}", "W/\"1\""));
        Assert.Equal(HttpStatusCode.BadRequest, await Put($"/fhir/Encounter/{left.Id}", "one"));
        Assert.Equal(HttpStatusCode.BadRequest, await Put($"/fhir/Encounter/{Guid.CreateVersion7()}", null));
        Assert.Equal(HttpStatusCode.BadRequest, await Put("/fhir/Encounter", null));
        Assert.Equal(
            HttpStatusCode.UnprocessableEntity,
            await Put($"/fhir/Encounter?identifier={Samples.VisitSystem}|other", null)
        );
        encounter["identifier"]![0]!["value"] = Samples.NewVisit();
        Assert.Equal(HttpStatusCode.UnprocessableEntity, await Put($"/fhir/Encounter/{left.Id}", null));
    }

    [Fact]
    public async Task Another_trust_sees_of_it_what_it_sees_of_nothing()
    {
        var encounter = Samples.Encounter();
        var mine = await Post(encounter);
        var theirs = service.Under.Client("RYY", "encounter.submit");

        var foreign = await theirs.GetAsync($"/fhir/Encounter/{mine.Id}", Cancelled);
        var unknown = await theirs.GetAsync($"/fhir/Encounter/{Guid.CreateVersion7()}", Cancelled);
        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.NotFound), (foreign.StatusCode, unknown.StatusCode));
        Assert.Equal(
            await foreign.Content.ReadAsStringAsync(Cancelled),
            await unknown.Content.ReadAsStringAsync(Cancelled)
        );
        // The same identifier from another trust is another encounter.
        var other = await theirs.PostAsync("/fhir/Encounter", encounter.AsJson(), Cancelled);
        Assert.Equal(HttpStatusCode.Created, other.StatusCode);
        Assert.DoesNotContain(mine.Id.ToString(), other.Headers.Location!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_registered_site_names_the_place_and_decides_what_nothing_else_does()
    {
        var events = await service.Under.Bus.ListenAsync<EncounterReceived>();
        var site = new
        {
            Name = "Example Outpatients",
            Setting = "scheduled",
            Phone = "01632 960123",
        };
        Assert.Equal(
            HttpStatusCode.Created,
            (await _trust.PutAsJsonAsync("/organisations/RZZ/sites/RZZ77", site, Cancelled)).StatusCode
        );
        Assert.Equal(
            HttpStatusCode.OK,
            (await _trust.PutAsJsonAsync("/organisations/RZZ/sites/RZZ77", site, Cancelled)).StatusCode
        );
        Assert.Equal(
            HttpStatusCode.NotFound,
            (await _trust.PutAsJsonAsync("/organisations/RYY/sites/RYY77", site, Cancelled)).StatusCode
        );
        Assert.Equal(
            HttpStatusCode.NotFound,
            (await _trust.GetAsync("/organisations/RZZ/sites/RZZ78", Cancelled)).StatusCode
        );
        Assert.Contains(
            "Example Outpatients",
            await _trust.GetStringAsync("/organisations/RZZ/sites/rzz77", Cancelled),
            StringComparison.Ordinal
        );

        var encounter = Samples.Encounter();
        encounter["class"]!["code"] = "AMB";
        encounter["location"]![0]!["location"]!["identifier"]!["value"] = "RZZ77";
        var posted = await Post(encounter);

        var received = await events.One(e => e.EncounterId == posted.Id);
        Assert.False(received.Unscheduled);
        var place = service.Under.Services.GetRequiredService<Sealer>().Open(received.Place);
        Assert.Equal(
            ("Example Outpatients", CareSetting.Scheduled, "01632 960123"),
            (place.SiteName, place.Setting, place.Phone)
        );
    }

    [Theory]
    [InlineData("01632 960124", "01632 960100", "01632 960124")]
    [InlineData(null, "01632 960100", "01632 960100")]
    [InlineData("none registered", "01632 960100", "01632 960100")]
    [InlineData(null, null, null)]
    public async Task A_council_rings_the_site_or_else_the_switchboard(string? site, string? trust, string? rung)
    {
        var events = await service.Under.Bus.ListenAsync<EncounterReceived>();
        // The trust's own code is one of its sites.
        await Register("RZZ", trust);
        if (site != "none registered")
            await Register("RZZ79", site);
        var encounter = Samples.Encounter();
        encounter["location"]![0]!["location"]!["identifier"]!["value"] = site == "none registered" ? "RZZ80" : "RZZ79";

        var posted = await Post(encounter);

        var received = await events.One(e => e.EncounterId == posted.Id);
        Assert.Equal(rung, service.Under.Services.GetRequiredService<Sealer>().Open(received.Place).Phone);
        await Register("RZZ", null);

        async Task Register(string ods, string? phone) =>
            (
                await _trust.PutAsJsonAsync(
                    $"/organisations/RZZ/sites/{ods}",
                    new
                    {
                        Name = "Example",
                        Setting = "emergencyDepartment",
                        Phone = phone,
                    },
                    Cancelled
                )
            ).EnsureSuccessStatusCode();
    }

    [Fact]
    public async Task Nothing_of_the_child_is_unencrypted_in_a_table()
    {
        var encounter = Samples.Encounter();
        encounter["contained"]![0]!["name"]![0]!["family"] = "Canaryfield";
        await Post(encounter);
        var text = await service.Under.Db(async db =>
        {
            var rows = await db
                .Database.SqlQueryRaw<string>(
                    """
                    SELECT table_name || ': ' || query_to_xml(format('select * from encounter_ingest.%I', table_name),
                        true, false, '')::text AS "Value"
                    FROM information_schema.tables WHERE table_schema = 'encounter_ingest'
                    """
                )
                .ToListAsync(Cancelled);
            return string.Join('\n', rows);
        });

        Assert.Contains("RZZ", text, StringComparison.Ordinal);
        foreach (
            var canary in new[]
            {
                "Canaryfield",
                encounter["contained"]![0]!["identifier"]![0]!["value"]!.GetValue<string>(),
                encounter["identifier"]![0]!["value"]!.GetValue<string>(),
                "swing",
            }
        )
        {
            Assert.DoesNotContain(canary, text, StringComparison.Ordinal);
            Assert.DoesNotContain(
                Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(canary))[..8],
                text,
                StringComparison.Ordinal
            );
        }
    }

    private async Task<(HttpStatusCode Status, Guid Id, string Body)> Post(
        JsonNode encounter,
        params (string Name, string Value)[] headers
    )
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/fhir/Encounter") { Content = encounter.AsJson() };
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        var answer = await _trust.SendAsync(request, Cancelled);
        var body = await answer.Content.ReadAsStringAsync(Cancelled);
        Assert.True(answer.IsSuccessStatusCode, body);
        return (answer.StatusCode, Guid.Parse(answer.Headers.Location!.Segments[^1]), body);
    }
}
