using System.Globalization;
using System.Net;
using Npgsql;
using Safeguarding.Hosting;
using Safeguarding.TestKit;

namespace Safeguarding.Hub.Tests;

/// <summary>What a service depends on is unavailable: its readiness says so in time, and takes it back.</summary>
[Trait("Kind", "faults")]
public sealed class Silence_is_noticed(HubServers servers)
{
    // A third of what it is unless set, so that the test is short.
    private const int AlarmSeconds = 20;

    private static readonly TimeSpan Noticed = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan Healing = TimeSpan.FromSeconds(60);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Run", "bounded")]
    public async Task A_lost_broker_or_database_is_noticed_within_two_minutes_and_only_the_database_is_needed()
    {
        await using var surroundings = await Surroundings.CreateAsync(servers);
        var at = new NpgsqlConnectionStringBuilder(surroundings.Database);
        await using var database = TcpProxy.Start(at.Host!, at.Port);
        await using var broker = TcpProxy.Start(surroundings.VirtualHost.Uri.Host, surroundings.VirtualHost.Uri.Port);
        await using var hub = await HubUnderTest.StartAsync(
            surroundings,
            ("Outbox:UnsentAlarmSeconds", AlarmSeconds.ToString(CultureInfo.InvariantCulture)),
            (
                "RabbitMq:Uri",
                new UriBuilder(surroundings.VirtualHost.Uri) { Host = "127.0.0.1", Port = broker.Port }
                    .Uri
                    .AbsoluteUri
            ),
            (
                "ConnectionStrings:Hub",
                new NpgsqlConnectionStringBuilder(surroundings.Database)
                {
                    Host = "127.0.0.1",
                    Port = database.Port,
                }.ConnectionString
            )
        );
        foreach (var service in hub.Services)
            await ReadyAsync(service, HttpStatusCode.OK, Healing);

        broker.Stop();
        using (var epr = hub.Client(hub.EncounterIngest, HubUnderTest.Trust, "encounter.submit"))
        {
            Assert.Equal(
                HttpStatusCode.Created,
                (
                    await epr.PostAsync("/fhir/Encounter", HubUnderTest.Encounter(Synthetic.AChild(), "one"), Cancelled)
                ).StatusCode
            );
        }

        var began = TimeProvider.System.GetTimestamp();
        await AnswersAsync(hub.EncounterIngest, "/health/outbox", HttpStatusCode.ServiceUnavailable, Noticed);
        var noticed = TimeProvider.System.GetElapsedTime(began);
        Assert.InRange(
            noticed.TotalSeconds - AlarmSeconds + new HubOptions().UnsentAlarmSeconds,
            0,
            Noticed.TotalSeconds
        );
        foreach (var service in hub.Services)
            await ReadyAsync(service, HttpStatusCode.OK, Healing);
        broker.Resume();
        await AnswersAsync(hub.EncounterIngest, "/health/outbox", HttpStatusCode.OK, Healing);

        database.Stop();
        foreach (var service in hub.Services)
            await ReadyAsync(service, HttpStatusCode.ServiceUnavailable, Noticed);
        database.Resume();
        foreach (var service in hub.Services)
        {
            await ReadyAsync(service, HttpStatusCode.OK, Healing);
            Assert.False(service.HasDied, service.Log);
        }

        TestContext.Current.TestOutputHelper!.WriteLine(
            $"an unavailable broker was noticed after {noticed.TotalSeconds:f0} s, with the alarm set to "
                + $"{AlarmSeconds} s"
        );
    }

    private static Task ReadyAsync(ServiceProcess service, HttpStatusCode expected, TimeSpan within) =>
        AnswersAsync(service, "/health/ready", expected, within);

    private static async Task AnswersAsync(
        ServiceProcess service,
        string route,
        HttpStatusCode expected,
        TimeSpan within
    )
    {
        using var client = new HttpClient { BaseAddress = service.Address };
        await Eventually.UntilAsync(
            async () => (await client.GetAsync(route, Cancelled)).StatusCode,
            status => status == expected,
            within,
            $"{service.Address}{route} says {expected}"
        );
    }
}
