using System.Net;
using Npgsql;
using Safeguarding.Demo.Receiver;
using Safeguarding.TestKit;

namespace Safeguarding.Hub.Tests;

/// <summary>
/// Faults on real processes: what the trust was told is accepted arrives, once, whatever dies in
/// between.
/// </summary>
[Trait("Kind", "faults")]
public sealed class Nothing_is_lost(HubServers servers)
{
    private static readonly TimeSpan Healing = TimeSpan.FromMinutes(3);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Killing_each_service_again_and_again_under_load_loses_nothing_and_repeats_no_effect()
    {
        await using var hub = await HubUnderTest.StartAsync(servers);
        await using var receiver = await WebhookReceiver.StartAsync(0);
        receiver.Trust("council", await hub.SubscribeAsync(HubUnderTest.Council, receiver.Address("council")));
        var children = Enumerable.Range(0, 40).Select(_ => Synthetic.AChild()).ToArray();
        for (var i = 0; i < children.Length; i++)
            await hub.PutPlanAsync(HubUnderTest.Council, $"plan-{i}", children[i]);

        // A sender as a trust's is: it repeats until it gets a 2xx.
        var accepted = Task.WhenAll(
            children.Select(
                (child, i) => PostUntilAcceptedAsync(hub, child, $"enc-{i}", TimeSpan.FromMilliseconds(150 * i))
            )
        );
        foreach (
            var service in (ServiceProcess[])
                [
                    hub.EncounterIngest,
                    hub.Matching,
                    hub.Notification,
                    hub.EncounterIngest,
                    hub.Matching,
                    hub.Notification,
                ]
        )
        {
            await service.KillAsync();
            await service.StartAgainAsync();
        }

        await accepted;
        var alerts = await Eventually.UntilAsync(
            () => hub.AlertsAsync(HubUnderTest.Council),
            all => all.Count >= children.Length,
            Healing
        );
        await Eventually.UntilAsync(
            () => Task.FromResult(receiver.Deliveries.Count),
            count => count >= children.Length,
            Healing
        );
        Assert.Equal(children.Length, alerts.Select(alert => (string?)alert!["encounter"]!["id"]).Distinct().Count());
        Assert.Equal(children.Length, alerts.Count);
        Assert.Equal(
            children.Length,
            receiver.Deliveries.Select(delivery => (string?)delivery.Event["data"]!["alertId"]).Distinct().Count()
        );
        Assert.Equal(0, receiver.Forged);
    }

    [Fact]
    public async Task A_kill_between_commit_and_publish_loses_nothing_and_duplicates_no_effect()
    {
        await using var hub = await HubUnderTest.StartAsync(servers);
        var child = Synthetic.AChild();
        await hub.PutPlanAsync(HubUnderTest.Council, "plan-1", child);
        await using var database = NpgsqlDataSource.Create(hub.Surroundings.Database);
        await Eventually.UntilAsync(async () =>
            await CountAsync(database, "SELECT count(*) FROM plan_registry.outbox") == 0
        );
        // The relay cannot publish while the binding is gone, so the row is committed and unsent for certain when the
        // process dies.
        await hub.Surroundings.VirtualHost.UnbindAsync(
            "Safeguarding.Contracts.Encounters.EncounterReceived",
            "matching-match-encounters"
        );
        using (var epr = hub.Client(hub.EncounterIngest, HubUnderTest.Trust, "encounter.submit"))
        {
            Assert.Equal(
                HttpStatusCode.Created,
                (await epr.PostAsync("/fhir/Encounter", HubUnderTest.Encounter(child, "one"), Cancelled)).StatusCode
            );
        }

        await hub.EncounterIngest.KillAsync();
        Assert.Equal(
            1,
            await CountAsync(database, "SELECT count(*) FROM encounter_ingest.outbox WHERE sent_at IS NULL")
        );

        await hub.Surroundings.VirtualHost.BindAsync(
            "Safeguarding.Contracts.Encounters.EncounterReceived",
            "matching-match-encounters"
        );
        await hub.EncounterIngest.StartAgainAsync();

        await Eventually.UntilAsync(() => hub.AlertsAsync(HubUnderTest.Council), alerts => alerts.Count == 1, Healing);
        await Eventually.UntilAsync(
            async () => await CountAsync(database, "SELECT count(*) FROM encounter_ingest.outbox") == 0,
            Healing
        );
        // And once more, as if the broker had kept a copy that nobody acknowledged.
        await CountAsync(
            database,
            "UPDATE matching.inbox SET consumer = 'forgotten' WHERE consumer = 'matching-match-encounters' RETURNING 1"
        );
        using (var epr = hub.Client(hub.EncounterIngest, HubUnderTest.Trust, "encounter.submit"))
        {
            Assert.Equal(
                HttpStatusCode.OK,
                (await epr.PostAsync("/fhir/Encounter", HubUnderTest.Encounter(child, "one"), Cancelled)).StatusCode
            );
        }

        Assert.Single(await hub.AlertsAsync(HubUnderTest.Council));
    }

    [Fact]
    public async Task While_the_broker_takes_nothing_500_encounters_are_accepted_and_all_alerts_arrive_afterwards()
    {
        var surroundings = await Surroundings.CreateAsync(servers);
        await using var broker = TcpProxy.Start(surroundings.VirtualHost.Uri.Host, surroundings.VirtualHost.Uri.Port);
        var through = new UriBuilder(surroundings.VirtualHost.Uri) { Host = "127.0.0.1", Port = broker.Port };
        await using var hub = await HubUnderTest.StartAsync(surroundings, ("RabbitMq:Uri", through.Uri.AbsoluteUri));
        var children = Enumerable.Range(0, 25).Select(_ => Synthetic.AChild()).ToArray();
        for (var i = 0; i < children.Length; i++)
            await hub.PutPlanAsync(HubUnderTest.Council, $"plan-{i}", children[i]);
        await using var database = NpgsqlDataSource.Create(hub.Surroundings.Database);
        await Eventually.UntilAsync(async () =>
            await CountAsync(database, "SELECT count(*) FROM plan_registry.outbox") == 0
        );

        broker.Stop();
        using var epr = hub.Client(hub.EncounterIngest, HubUnderTest.Trust, "encounter.submit");
        var answers = await Task.WhenAll(
            Enumerable
                .Range(0, 500)
                .Select(async i =>
                    (
                        await epr.PostAsync(
                            "/fhir/Encounter",
                            HubUnderTest.Encounter(i % 20 == 0 ? children[i / 20] : Synthetic.AChild(), $"enc-{i}"),
                            Cancelled
                        )
                    ).StatusCode
                )
        );

        Assert.All(answers, status => Assert.Equal(HttpStatusCode.Created, status));
        Assert.Empty(await hub.AlertsAsync(HubUnderTest.Council));
        broker.Resume();
        await Eventually.UntilAsync(
            () => hub.AlertsAsync(HubUnderTest.Council),
            alerts => alerts.Count == children.Length,
            Healing
        );
    }

    [Fact]
    public async Task Every_message_delivered_twice_gives_the_same_result()
    {
        await using var hub = await HubUnderTest.StartAsync(servers);
        await using var twice = await RepeatEverything.StartAsync(hub.Surroundings.VirtualHost);
        var children = Enumerable.Range(0, 20).Select(_ => Synthetic.AChild()).ToArray();
        using var epr = hub.Client(hub.EncounterIngest, HubUnderTest.Trust, "encounter.submit");
        for (var i = 0; i < children.Length; i++)
        {
            await hub.PutPlanAsync(HubUnderTest.Council, $"plan-{i}", children[i]);
            await epr.PostAsync("/fhir/Encounter", HubUnderTest.Encounter(children[i], $"enc-{i}"), Cancelled);
        }

        await Eventually.UntilAsync(
            () => hub.AlertsAsync(HubUnderTest.Council),
            alerts => alerts.Count == children.Length,
            Healing
        );
        await Eventually.UntilAsync(
            () => Task.FromResult(twice.Repeated),
            repeated => repeated >= 3 * children.Length,
            Healing
        );
        Assert.Equal(children.Length, (await hub.AlertsAsync(HubUnderTest.Council)).Count);
        Assert.All(await hub.AlertsAsync(HubUnderTest.Council), alert => Assert.Equal(1, (int)alert!["version"]!));
    }

    private static async Task PostUntilAcceptedAsync(
        HubUnderTest hub,
        Contracts.Persons.PersonTraits child,
        string identifier,
        TimeSpan after
    )
    {
        await Task.Delay(after);
        using var epr = hub.Client(hub.EncounterIngest, HubUnderTest.Trust, "encounter.submit");
        await Eventually.UntilAsync(
            async () =>
            {
                try
                {
                    return (
                        await epr.PostAsync("/fhir/Encounter", HubUnderTest.Encounter(child, identifier), Cancelled)
                    ).IsSuccessStatusCode;
                }
                catch (HttpRequestException)
                {
                    return false;
                }
            },
            Healing
        );
    }

    private static async Task<long> CountAsync(NpgsqlDataSource database, string sql)
    {
        await using var command = database.CreateCommand(sql);
        return Convert.ToInt64(
            await command.ExecuteScalarAsync(Cancelled) ?? 0,
            System.Globalization.CultureInfo.InvariantCulture
        );
    }
}
