using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Npgsql;
using Safeguarding.Contracts.Persons;
using Safeguarding.TestKit;

namespace Safeguarding.Hub.Tests;

/// <summary>
/// The synchronous standby is gone: a commit waits, and one whose wait is ended is on one machine only while the server
/// says so in no more than a warning. A real primary and a real standby.
/// </summary>
[Trait("Kind", "faults")]
public sealed class Standby_gone(HubServers servers)
{
    private static readonly TimeSpan Healing = TimeSpan.FromMinutes(1);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Run", "bounded")]
    public async Task Nothing_is_acknowledged_without_the_standby_and_all_that_ever_was_is_on_it()
    {
        await using var pair = await PostgresPair.StartAsync();
        await using var surroundings = await Surroundings.CreateAsync(servers.With(pair));
        var settings = surroundings.Settings.ToDictionary();
        settings["Intake:WaitSeconds"] = "2";
        await using var ingest = await ServiceProcess.StartAsync("Safeguarding.EncounterIngest", settings);
        await using var registry = await ServiceProcess.StartAsync("Safeguarding.PlanRegistry", settings);
        using var trust = new Sender(surroundings, ingest, HubUnderTest.Trust, "encounter.submit");
        using var council = new Sender(surroundings, registry, HubUnderTest.Council, "plan.write");

        // The first of each, of a service that has just started, may take longer than the two seconds after which it
        // says 503.
        await Eventually.UntilAsync(() => trust.PostAsync("before-0"), IsTaken, Healing);
        await Eventually.UntilAsync(() => council.PutAsync("first"), IsTaken, Healing);
        for (var i = 1; i < 10; i++)
            await Eventually.UntilAsync(() => trust.PostAsync($"before-{i}"), IsTaken, Healing);
        await Eventually.UntilAsync(() => council.PutAsync("before"), IsTaken, Healing);

        await pair.StopStandbyAsync();
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await trust.PostAsync("gone"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await trust.PostAsync("gone"));
        await pair.StartStandbyAsync();
        await Eventually.UntilAsync(() => trust.PostAsync("gone"), IsTaken, Healing);

        await pair.StopStandbyAsync();
        await using (var waits = new EndedWaits(pair))
        {
            for (var i = 0; i < 3; i++)
            {
                // The second time the encounter is found where the first left it, on one machine.
                Assert.Equal(HttpStatusCode.ServiceUnavailable, await trust.PostAsync($"during-{i}"));
                Assert.Equal(HttpStatusCode.ServiceUnavailable, await trust.PostAsync($"during-{i}"));
                Assert.Equal(HttpStatusCode.ServiceUnavailable, await council.PutAsync($"during-{i}"));
                Assert.Equal(HttpStatusCode.ServiceUnavailable, await council.PutAsync($"during-{i}"));
            }

            Assert.True(waits.Ended >= 6, $"{waits.Ended} waits were ended");
            var alone = (await IdsAsync(surroundings.Database, "encounter_ingest.encounter"))
                .Except(trust.Acknowledged)
                .Count();
            Assert.True(alone > 0, "no encounter was committed on the primary alone, so nothing was tried");
        }

        await pair.KillPrimaryAsync();
        await pair.PromoteAsync();
        Assert.Empty(trust.Acknowledged.Except(await IdsAsync(surroundings.Database, "encounter_ingest.encounter")));
        Assert.Empty(council.Acknowledged.Except(await IdsAsync(surroundings.Database, "plan_registry.plan")));

        for (var i = 0; i < 3; i++)
        {
            await Eventually.UntilAsync(() => trust.PostAsync($"during-{i}"), IsTaken, Healing);
            await Eventually.UntilAsync(() => council.PutAsync($"during-{i}"), IsTaken, Healing);
        }

        Assert.Equal(14, trust.Acknowledged.Count);
        Assert.Equal(trust.Acknowledged, await IdsAsync(surroundings.Database, "encounter_ingest.encounter"));
    }

    private static bool IsTaken(HttpStatusCode status) => status is HttpStatusCode.OK or HttpStatusCode.Created;

    private static async Task<HashSet<Guid>> IdsAsync(string at, string table)
    {
        await using var database = NpgsqlDataSource.Create(at);
        await using var command = database.CreateCommand($"SELECT id FROM {table}");
        await using var reader = await command.ExecuteReaderAsync(Cancelled);
        var ids = new HashSet<Guid>();
        while (await reader.ReadAsync(Cancelled))
            ids.Add(reader.GetGuid(0));
        return ids;
    }

    /// <summary>A trust's or a council's system, which remembers what it was told is stored.</summary>
    private sealed class Sender(Surroundings surroundings, ServiceProcess service, string organisation, string scope)
        : IDisposable
    {
        private readonly Dictionary<string, PersonTraits> _children = [];
        private readonly HttpClient _client = new()
        {
            BaseAddress = service.Address,
            DefaultRequestHeaders =
            {
                Authorization = new AuthenticationHeaderValue(
                    "Bearer",
                    surroundings.Servers.Issuer.Token(organisation, scope)
                ),
            },
        };

        public HashSet<Guid> Acknowledged { get; } = [];

        public async Task<HttpStatusCode> PostAsync(string encounter)
        {
            using var answer = await _client.PostAsync(
                "/fhir/Encounter",
                HubUnderTest.Encounter(Child(encounter), encounter),
                Cancelled
            );
            if (answer.IsSuccessStatusCode)
                Acknowledged.Add(Guid.Parse(answer.Headers.Location!.Segments[^1]));
            return answer.StatusCode;
        }

        public async Task<HttpStatusCode> PutAsync(string plan)
        {
            using var answer = await _client.PutAsync($"/plans/{plan}", HubUnderTest.Plan(Child(plan)), Cancelled);
            if (answer.IsSuccessStatusCode)
            {
                Acknowledged.Add(
                    Guid.Parse((string)JsonNode.Parse(await answer.Content.ReadAsStringAsync(Cancelled))!["planId"]!)
                );
            }

            return answer.StatusCode;
        }

        public void Dispose() => _client.Dispose();

        private PersonTraits Child(string name) =>
            _children.TryGetValue(name, out var child) ? child : _children[name] = Synthetic.AChild();
    }

    /// <summary>Ends waits for the standby again and again, as time-outs and impatient operators do.</summary>
    private sealed class EndedWaits : IAsyncDisposable
    {
        private readonly CancellationTokenSource _over = new();
        private readonly Task _loop;
        private long _ended;

        public EndedWaits(PostgresPair pair) => _loop = EndAsync(pair);

        public long Ended => Interlocked.Read(ref _ended);

        public async ValueTask DisposeAsync()
        {
            await _over.CancelAsync();
            await _loop;
            _over.Dispose();
        }

        private async Task EndAsync(PostgresPair pair)
        {
            using var often = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
            while (!_over.IsCancellationRequested && await often.WaitForNextTickAsync(CancellationToken.None))
                Interlocked.Add(ref _ended, await pair.CancelWaitsAsync());
        }
    }
}
