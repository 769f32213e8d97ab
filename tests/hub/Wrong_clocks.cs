using System.Globalization;
using System.Net;
using Npgsql;
using Safeguarding.Demo.Receiver;
using Safeguarding.TestKit;

namespace Safeguarding.Hub.Tests;

/// <summary>
/// Services whose clocks are wrong, by minutes or a day, and are put right or set back while they run. Council
/// and trust have the true time.
/// </summary>
[Trait("Kind", "faults")]
public sealed class Wrong_clocks(HubServers servers)
{
    private const string Matched = "Safeguarding.Contracts.Matches.EncounterMatched";
    private const string Notification = "notification-raise-alert";
    private static readonly TimeSpan Healing = TimeSpan.FromSeconds(60);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Run", "whole")]
    public async Task A_wrong_clock_refuses_or_delivers_in_time_and_what_it_deferred_is_not_late()
    {
        using FakeClock ingest = await FakeClock.CreateAsync(),
            matching = await FakeClock.CreateAsync(),
            notification = await FakeClock.CreateAsync();
        await using var receiver = await WebhookReceiver.StartAsync(0);
        await using var hub = await HubUnderTest.StartAsync(await Surroundings.CreateAsync(servers), service =>
            service switch
            {
                "encounter-ingest" => ingest.Settings,
                "matching" => matching.Settings,
                "notification" => notification.Settings,
                _ => [],
            }
        );
        await using var council = TcpProxy.Start("127.0.0.1", receiver.Address("council").Port);
        receiver.Trust(
            "council",
            await hub.SubscribeAsync(
                HubUnderTest.Council,
                new UriBuilder(receiver.Address("council")) { Port = council.Port }.Uri
            )
        );
        await using var database = NpgsqlDataSource.Create(hub.Surroundings.Database);
        var told = 0;

        // A trust's token is judged by the service's clock: within 30 seconds it is taken, beyond it is refused and
        // nothing is stored.
        await using var trust = new Trust(hub);
        Assert.Equal(HttpStatusCode.Created, await trust.PostAsync(told++));
        await SentAsync(receiver, told);
        foreach (
            var (ahead, expected) in ((TimeSpan, HttpStatusCode)[])
                [
                    (TimeSpan.FromMinutes(-5), HttpStatusCode.Unauthorized),
                    (TimeSpan.FromHours(-25), HttpStatusCode.Unauthorized),
                    (TimeSpan.FromHours(25), HttpStatusCode.Unauthorized),
                    (TimeSpan.FromMinutes(5), HttpStatusCode.Created),
                ]
        )
        {
            ingest.Set(ahead);
            await Eventually.UntilAsync(
                () => trust.PostAsync(told),
                status => status == expected,
                TimeSpan.FromSeconds(10),
                $"{ahead}: {expected}"
            );
            // Set back as soon as it has answered.
            ingest.Set(TimeSpan.Zero);
            await Eventually.UntilAsync(
                () => trust.PostAsync(told),
                status => status is HttpStatusCode.Created or HttpStatusCode.OK,
                TimeSpan.FromSeconds(10),
                $"right again after {ahead}"
            );
            told++;
            await SentAsync(receiver, told);
        }

        // Webhooks carry the time, and councils take five minutes' difference.
        foreach (var ahead in (TimeSpan[])[TimeSpan.FromMinutes(-4), TimeSpan.FromMinutes(4)])
        {
            await SetAsync(hub, ahead, matching, notification);
            Assert.Equal(HttpStatusCode.Created, await trust.PostAsync(told++));
            await SentAsync(receiver, told);
        }

        // What a council that was away did not take is not late by what the clock was wrong.
        foreach (var ahead in (TimeSpan[])[TimeSpan.FromHours(-25), TimeSpan.FromHours(25)])
        {
            await SetAsync(hub, ahead, matching, notification);
            council.Stop();
            Assert.Equal(HttpStatusCode.Created, await trust.PostAsync(told++));
            await Eventually.UntilAsync(
                () =>
                    CountAsync(
                        database,
                        "SELECT count(*) FROM notification.delivery WHERE state = 'Waiting' AND last_outcome IS NOT "
                            + "NULL"
                    ),
                tried => tried == 1,
                Healing
            );
            await SetAsync(hub, TimeSpan.Zero, matching, notification);
            council.Resume();
            await SentAsync(receiver, told);
        }

        // Nor is what the broker did not take while the clock was ahead.
        matching.Set(TimeSpan.FromHours(25));
        await hub.Surroundings.VirtualHost.UnbindAsync(Matched, Notification);
        Assert.Equal(HttpStatusCode.Created, await trust.PostAsync(told++));
        await Eventually.UntilAsync(
            () =>
                CountAsync(
                    database,
                    "SELECT count(*) FROM matching.outbox WHERE sent_at IS NULL AND attempts > 0 AND "
                        + "next_attempt_at > now() + interval '24 hours'"
                ),
            rows => rows == 1,
            Healing
        );
        matching.Set(TimeSpan.Zero);
        await hub.Surroundings.VirtualHost.BindAsync(Matched, Notification);
        await SentAsync(receiver, told);

        Assert.Equal(told, (await hub.AlertsAsync(HubUnderTest.Council)).Count);
        Assert.Equal(told, await CountAsync(database, "SELECT count(*) FROM encounter_ingest.encounter"));
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"{told} encounters, each told once: clocks off by 4 and 5 minutes and 25 hours, ahead, behind, and set "
                + "back"
        );
    }

    /// <summary>Sets the clocks of matching and notification, and waits until both tell the time by them.</summary>
    private static async Task SetAsync(HubUnderTest hub, TimeSpan ahead, FakeClock matching, FakeClock notification)
    {
        using var http = new HttpClient();
        foreach (
            var (clock, service) in ((FakeClock, string)[])[(matching, "matching"), (notification, "notification")]
        )
        {
            clock.Set(ahead);
            await Eventually.UntilAsync(
                async () =>
                {
                    using var answer = await http.GetAsync(
                        new Uri(hub.Service(service).Address, "/health/live"),
                        Cancelled
                    );
                    return answer.Headers.Date - TimeProvider.System.GetUtcNow() - ahead;
                },
                off => off?.Duration() < TimeSpan.FromSeconds(3),
                Healing,
                $"{service}'s clock is {ahead} ahead"
            );
        }
    }

    private static Task<int> SentAsync(WebhookReceiver receiver, int alerts) =>
        Eventually.UntilAsync(
            () =>
                Task.FromResult(
                    receiver
                        .Deliveries.Select(delivery => (string?)delivery.Event["data"]!["alertId"])
                        .Distinct()
                        .Count()
                ),
            count => count == alerts,
            Healing,
            $"{alerts} alerts are told"
        );

    private static async Task<long> CountAsync(NpgsqlDataSource database, string sql)
    {
        await using var command = database.CreateCommand(sql);
        return Convert.ToInt64(await command.ExecuteScalarAsync(Cancelled), CultureInfo.InvariantCulture);
    }

    /// <summary>Sends encounters of children who are on the council's register.</summary>
    private sealed class Trust(HubUnderTest hub) : IAsyncDisposable
    {
        private readonly Dictionary<int, HttpContent> _encounters = [];

        public async Task<HttpStatusCode> PostAsync(int number)
        {
            if (!_encounters.TryGetValue(number, out var encounter))
            {
                var child = Synthetic.AChild();
                await hub.PutPlanAsync(HubUnderTest.Council, $"plan-{number}", child);
                await Eventually.UntilAsync(async () =>
                {
                    await using var database = NpgsqlDataSource.Create(hub.Surroundings.Database);
                    return await CountAsync(database, "SELECT count(*) FROM plan_registry.outbox") == 0;
                });
                encounter = _encounters[number] = HubUnderTest.Encounter(child, $"enc-{number}");
            }

            // A token of its own each time, so that none is remembered as checked.
            using var epr = hub.Client(hub.EncounterIngest, HubUnderTest.Trust, "encounter.submit");
            using var content = new ByteArrayContent(await encounter.ReadAsByteArrayAsync(Cancelled));
            content.Headers.ContentType = encounter.Headers.ContentType;
            using var answer = await epr.PostAsync("/fhir/Encounter", content, Cancelled);
            return answer.StatusCode;
        }

        public ValueTask DisposeAsync()
        {
            foreach (var encounter in _encounters.Values)
                encounter.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
