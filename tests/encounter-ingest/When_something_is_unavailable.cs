using System.Net;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Npgsql;
using Safeguarding.Contracts.Encounters;
using Safeguarding.EncounterIngest.Storage;
using Safeguarding.Messaging.Storage;
using Safeguarding.TestKit;

namespace Safeguarding.EncounterIngest.Tests;

public sealed class When_something_is_unavailable(HubServers servers)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_dead_broker_changes_nothing_for_the_trust_and_the_event_waits()
    {
        await using var surroundings = await Surroundings.CreateAsync(servers);
        await using var wire = new Wire(surroundings.VirtualHost.Uri.Host, surroundings.VirtualHost.Uri.Port);
        var through = new UriBuilder(surroundings.VirtualHost.Uri) { Host = "127.0.0.1", Port = wire.Port }
            .Uri
            .AbsoluteUri;
        await using var service = await ServiceUnderTest<EncounterIngestDb>.StartAsync(
            servers,
            new Dictionary<string, string?> { ["RabbitMq:Uri"] = through },
            surroundings: surroundings
        );
        var events = await surroundings.Bus.ListenAsync<EncounterReceived>();
        var trust = service.Client("RZZ", "encounter.submit");

        wire.Cut();
        var answers = await Task.WhenAll(
            Enumerable
                .Range(0, 50)
                .Select(_ => trust.PostAsync("/fhir/Encounter", Samples.Encounter().AsJson(), Cancelled))
        );
        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.Created, answer.StatusCode));
        Assert.True(
            await service.Db(db => db.Set<OutboxRow>().CountAsync(Cancelled)) is > 0 and < 50,
            "a commit carries many requests, and their events are one row"
        );

        wire.Reconnect();
        await events.AtLeast(50, TimeSpan.FromMinutes(3));
        Assert.Equal(50, events.All.Select(e => e.EncounterId).Distinct().Count());
    }

    [Fact]
    public async Task Without_the_database_the_answer_is_503_and_the_repeat_succeeds()
    {
        await using var surroundings = await Surroundings.CreateAsync(servers);
        var direct = new NpgsqlConnectionStringBuilder(surroundings.Database);
        await using var wire = new Wire(direct.Host!, direct.Port);
        var through = new NpgsqlConnectionStringBuilder(surroundings.Database)
        {
            Host = "127.0.0.1",
            Port = wire.Port,
            Timeout = 2,
        }.ConnectionString;
        await using var service = await ServiceUnderTest<EncounterIngestDb>.StartAsync(
            servers,
            new Dictionary<string, string?> { ["ConnectionStrings:Hub"] = through },
            surroundings: surroundings
        );
        var trust = service.Client("RZZ", "encounter.submit");
        var body = Samples.Encounter().ToJsonString();

        wire.Cut();
        var away = await trust.PostAsync("/fhir/Encounter", Samples.AsFhir(body), Cancelled);
        var awayToo = await trust.GetAsync($"/fhir/Encounter/{Guid.CreateVersion7()}", Cancelled);
        Assert.Equal(
            (HttpStatusCode.ServiceUnavailable, HttpStatusCode.ServiceUnavailable),
            (away.StatusCode, awayToo.StatusCode)
        );
        foreach (var answer in new[] { away, awayToo })
        {
            Assert.NotNull(answer.Headers.RetryAfter);
            Assert.Contains(
                "OperationOutcome",
                await answer.Content.ReadAsStringAsync(Cancelled),
                StringComparison.Ordinal
            );
        }

        wire.Reconnect();
        await Eventually.UntilAsync(async () =>
            (await trust.PostAsync("/fhir/Encounter", Samples.AsFhir(body), Cancelled)).IsSuccessStatusCode
        );
        Assert.Equal(1, await service.Db(db => db.Encounters.CountAsync(Cancelled)));
    }

    [Fact]
    public async Task A_refusal_while_the_database_is_unavailable_is_kept_and_nothing_is_half_written()
    {
        await using var surroundings = await Surroundings.CreateAsync(servers);
        var direct = new NpgsqlConnectionStringBuilder(surroundings.Database);
        await using var wire = new Wire(direct.Host!, direct.Port);
        (direct.Host, direct.Port, direct.Timeout) = ("127.0.0.1", wire.Port, 2);
        await using var service = await ServiceUnderTest<EncounterIngestDb>.StartAsync(
            servers,
            new Dictionary<string, string?> { ["ConnectionStrings:Hub"] = direct.ConnectionString },
            surroundings: surroundings
        );
        var trust = service.Client("RZZ", "encounter.submit");
        var faulty = Samples.Encounter();
        faulty.AsObject().Remove("status");
        JsonObject Entry(JsonNode encounter) =>
            Refused_bundles.Entry($"urn:x:{Samples.NewVisit()}", encounter, "Encounter");

        wire.Cut();
        var answers = new List<HttpStatusCode>();
        foreach (
            var (address, body) in new (string, JsonNode)[]
            {
                ("/fhir/Encounter", faulty),
                ("/fhir", What_a_trust_was_refused.Bundle("transaction", Entry(faulty), Entry(Samples.Encounter()))),
                ("/fhir", What_a_trust_was_refused.Bundle("batch", Entry(faulty), Entry(Samples.Encounter()))),
                ("/fhir", What_a_trust_was_refused.Bundle("transaction", Entry(Samples.Encounter()))),
            }
        )
        {
            answers.Add((await trust.PostAsync(address, body.AsJson(), Cancelled)).StatusCode);
        }

        // What is wrong is wrong without looking anything up; of a batch the whole is to be sent again.
        HttpStatusCode[] expected =
        [
            HttpStatusCode.UnprocessableEntity,
            HttpStatusCode.UnprocessableEntity,
            HttpStatusCode.ServiceUnavailable,
            HttpStatusCode.ServiceUnavailable,
        ];
        Assert.Equal(expected, answers);

        wire.Reconnect();
        await What_a_trust_was_refused.RefusalsAsync(trust, 3);
        Assert.Equal(3, (await What_a_trust_was_refused.RefusalsAsync(trust, 3)).Count);
        Assert.Equal(0, await service.Db(db => db.Encounters.CountAsync(Cancelled)));
        Assert.Equal(0, await service.Db(db => db.Set<OutboxRow>().CountAsync(Cancelled)));
        Assert.Equal(0, await service.Db(db => db.Set<EncounterVersion>().CountAsync(Cancelled)));
    }

    [Fact]
    public async Task A_full_queue_is_503_at_once_and_nothing_answered_with_201_is_lost()
    {
        await using var service = await ServiceUnderTest<EncounterIngestDb>.StartAsync(
            servers,
            new Dictionary<string, string?> { ["Intake:Capacity"] = "1" }
        );
        var trust = service.Client("RZZ", "encounter.submit");
        await using var locker = new NpgsqlConnection(service.Surroundings.Database);
        await locker.OpenAsync(Cancelled);
        await using (var locked = await locker.BeginTransactionAsync(Cancelled))
        {
            await using var command = new NpgsqlCommand(
                "LOCK TABLE encounter_ingest.encounter IN ACCESS EXCLUSIVE MODE",
                locker,
                locked
            );
            await command.ExecuteNonQueryAsync(Cancelled);

            var posts = Enumerable
                .Range(0, 10)
                .Select(_ => trust.PostAsync("/fhir/Encounter", Samples.Encounter().AsJson(), Cancelled))
                .ToList();
            await Eventually.UntilAsync(
                () => Task.FromResult(posts.Count(post => post.IsCompleted)),
                done => done >= 8
            );
            await locked.RollbackAsync(Cancelled);
            var answers = await Task.WhenAll(posts);

            var created = answers.Count(answer => answer.StatusCode == HttpStatusCode.Created);
            Assert.Equal(10 - created, answers.Count(answer => answer.StatusCode == HttpStatusCode.ServiceUnavailable));
            Assert.Equal(created, await service.Db(db => db.Encounters.CountAsync(Cancelled)));
        }
    }

    [Fact]
    public async Task Retention_drops_the_content_by_days_and_the_identifier_stays_one_encounter()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var service = await ServiceUnderTest<EncounterIngestDb>.StartAsync(servers, clock: clock);
        var trust = service.Client("RZZ", "encounter.submit");
        var encounter = Samples.Encounter();
        var first = await trust.PostAsync("/fhir/Encounter", encounter.AsJson(), Cancelled);
        Assert.Equal(HttpStatusCode.Created, first.StatusCode);
        var keep = service
            .Services.GetServices<Microsoft.Extensions.Hosting.IHostedService>()
            .OfType<PurgePartitions>()
            .Single();

        clock.Advance(TimeSpan.FromDays(3));
        await keep.RunAsync(Cancelled);
        Assert.Equal(1, await service.Db(db => db.Versions.CountAsync(Cancelled)));
        clock.Advance(TimeSpan.FromDays(1));
        await keep.RunAsync(Cancelled);
        Assert.Equal(0, await service.Db(db => db.Versions.CountAsync(Cancelled)));

        Assert.Equal(HttpStatusCode.Gone, (await trust.GetAsync(first.Headers.Location, Cancelled)).StatusCode);
        encounter["status"] = "finished";
        var later = await trust.PostAsync("/fhir/Encounter", encounter.AsJson(), Cancelled);
        Assert.Equal(
            (HttpStatusCode.OK, "W/\"2\"", first.Headers.Location),
            (later.StatusCode, later.Headers.ETag!.ToString(), later.Headers.Location)
        );
    }
}
