using System.Globalization;
using System.Net;
using Npgsql;
using Safeguarding.Contracts.Persons;
using Safeguarding.TestKit;

namespace Safeguarding.Hub.Tests;

/// <summary>Disks that are full to the last byte, and have room again later.</summary>
[Trait("Kind", "faults")]
public sealed class Full_disks(HubServers servers)
{
    private static readonly TimeSpan Healing = TimeSpan.FromMinutes(3);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Run", "bounded")]
    public async Task A_full_database_disk_is_answered_503_and_ends_no_service()
    {
        await using var disk = await SmallDisk.MountAsync(160);
        await using var postgres = await SmallPostgres.StartAsync(disk);
        await using var council = await CouncilStub.StartAsync(1);
        await using var hub = await HubUnderTest.StartAsync(await Surroundings.CreateAsync(servers.With(postgres)));
        await hub.SubscribeAsync(HubUnderTest.Council, council.Address);
        var children = Enumerable.Range(0, 4).Select(_ => Synthetic.AChild()).ToArray();
        for (var i = 0; i < children.Length; i++)
            await hub.PutPlanAsync(HubUnderTest.Council, $"plan-{i}", children[i]);
        HashSet<string> asked = [],
            accepted = [];
        async Task<HttpStatusCode> Post(PersonTraits child, string name)
        {
            asked.Add(name);
            var status = await PostAsync(hub, child, name);
            if (status is HttpStatusCode.Created or HttpStatusCode.OK)
                accepted.Add(name);
            return status;
        }

        Assert.Equal(HttpStatusCode.Created, await Post(children[0], "before"));

        disk.Fill();
        // What PostgreSQL has in reserve is used up first, and it finds some more where it starts again; each answer is
        // honest meanwhile.
        var refused = 0;
        for (var i = 0; refused < 5; i++)
        {
            var status = await Post(
                i < 30 ? Synthetic.AChild() : children[1 + (i % 3)],
                i < 30 ? $"filling-{i}" : $"full-{1 + (i % 3)}"
            );
            Assert.True(
                status is HttpStatusCode.Created or HttpStatusCode.OK or HttpStatusCode.ServiceUnavailable,
                $"answered {(int)status}"
            );
            refused += status == HttpStatusCode.ServiceUnavailable ? 1 : 0;
            if (i % 20 == 19)
                disk.Fill();
        }

        AssertAlive(hub);
        disk.Free();
        if (postgres.HasEnded)
            await postgres.StartAgainAsync();
        for (var i = 1; i < children.Length; i++)
        {
            await Eventually.UntilAsync(
                () => Post(children[i], $"full-{i}"),
                status => status is HttpStatusCode.Created or HttpStatusCode.OK,
                Healing
            );
        }

        await Eventually.UntilAsync(
            () => Task.FromResult(council.Arrivals.Select(arrival => arrival.AlertId).Distinct().Count()),
            alerts => alerts == children.Length,
            Healing
        );
        AssertAlive(hub);
        // One that met the full disk may be stored although it was not said to be.
        var stored = await CountAsync(hub.Surroundings.Database, "SELECT count(*) FROM encounter_ingest.encounter");
        Assert.InRange(stored, accepted.Count, asked.Count);
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"{accepted.Count} of {asked.Count} accepted, {refused} answers 503 on the full disk, {stored} stored; "
                + $"{children.Length} of {children.Length} alerts told"
        );
    }

    [Fact]
    [Trait("Run", "bounded")]
    public async Task A_full_broker_disk_costs_no_answer_and_the_alerts_come_after_a_restart()
    {
        await using var disk = await SmallDisk.MountAsync(512);
        await using var broker = await OwnBroker.StartAsync(disk);
        await using var council = await CouncilStub.StartAsync(1);
        await using var hub = await HubUnderTest.StartAsync(await Surroundings.CreateAsync(servers.With(broker)));
        await hub.SubscribeAsync(HubUnderTest.Council, council.Address);
        var children = Enumerable.Range(0, 40).Select(_ => Synthetic.AChild()).ToArray();
        for (var i = 0; i < children.Length; i++)
            await hub.PutPlanAsync(HubUnderTest.Council, $"plan-{i}", children[i]);
        Assert.Equal(HttpStatusCode.Created, await PostAsync(hub, children[0], "enc-0"));
        await Eventually.UntilAsync(() => Task.FromResult(council.Arrivals.Count), arrivals => arrivals == 1, Healing);

        disk.Fill();
        for (var i = 1; i < children.Length; i++)
            Assert.Equal(HttpStatusCode.Created, await PostAsync(hub, children[i], $"enc-{i}"));
        await Eventually.UntilAsync(
            () =>
                CountAsync(
                    hub.Surroundings.Database,
                    "SELECT count(*) FROM encounter_ingest.outbox WHERE attempts > 1"
                ),
            waiting => waiting > 0,
            Healing,
            "the broker takes no more"
        );

        disk.Free();
        // As the runbook says: a node whose log met a full disk may run on with its quorum queues down for good.
        if (!broker.HasEnded)
            await broker.KillAsync();
        await broker.StartAgainAsync();
        await Eventually.UntilAsync(
            () => Task.FromResult(council.Arrivals.Select(arrival => arrival.AlertId).Distinct().Count()),
            alerts => alerts == children.Length,
            Healing
        );
        AssertAlive(hub);
    }

    [Fact]
    [Trait("Run", "bounded")]
    public async Task A_full_disk_of_the_logs_stops_no_answer_and_no_alert()
    {
        await using var disk = await SmallDisk.MountAsync(1);
        await using var council = await CouncilStub.StartAsync(1);
        await using var hub = await HubUnderTest.StartAsync(await Surroundings.CreateAsync(servers), service =>
            [(ServiceProcess.LogFile, Path.Combine(disk.Path, $"{service}.log"))]
        );
        await hub.SubscribeAsync(HubUnderTest.Council, council.Address);
        disk.Fill();

        var children = Enumerable.Range(0, 5).Select(_ => Synthetic.AChild()).ToArray();
        for (var i = 0; i < children.Length; i++)
        {
            await hub.PutPlanAsync(HubUnderTest.Council, $"plan-{i}", children[i]);
            Assert.Equal(HttpStatusCode.Created, await PostAsync(hub, children[i], $"enc-{i}"));
            await SayingSomethingAsync(hub);
        }

        await Eventually.UntilAsync(
            () => Task.FromResult(council.Arrivals.Select(arrival => arrival.AlertId).Distinct().Count()),
            alerts => alerts == children.Length,
            Healing
        );
        AssertAlive(hub);

        // And it logs again once there is room.
        disk.Free();
        foreach (var service in (string[])["plan-registry", "encounter-ingest", "matching", "notification"])
        {
            var log = new FileInfo(Path.Combine(disk.Path, $"{service}.log"));
            var length = log.Length;
            await Eventually.UntilAsync(
                async () =>
                {
                    await SayingSomethingAsync(hub);
                    log.Refresh();
                    return log.Length > length;
                },
                Healing,
                $"the log of {service} grows again"
            );
        }
    }

    // A caller without a token is a line in each log.
    private static async Task SayingSomethingAsync(HubUnderTest hub)
    {
        foreach (var service in hub.Services)
        {
            using var nobody = new HttpClient { BaseAddress = service.Address };
            using var answer = await nobody.GetAsync("/ops/parked", Cancelled);
            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        }
    }

    private static void AssertAlive(HubUnderTest hub) =>
        Assert.All(hub.Services, service =>
            Assert.False(
                service.HasDied,
                $"A service ended by itself: {string.Join('\n', service.Log.Split('\n').TakeLast(40))}"
            )
        );

    private static async Task<HttpStatusCode> PostAsync(HubUnderTest hub, PersonTraits child, string identifier)
    {
        using var epr = hub.Client(hub.EncounterIngest, HubUnderTest.Trust, "encounter.submit");
        using var answer = await epr.PostAsync("/fhir/Encounter", HubUnderTest.Encounter(child, identifier), Cancelled);
        return answer.StatusCode;
    }

    private static async Task<long> CountAsync(string at, string sql)
    {
        await using var database = NpgsqlDataSource.Create(at);
        await using var command = database.CreateCommand(sql);
        return Convert.ToInt64(await command.ExecuteScalarAsync(Cancelled), CultureInfo.InvariantCulture);
    }
}
