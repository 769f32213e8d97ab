using System.Text;
using System.Text.Json.Nodes;
using Npgsql;
using Safeguarding.Cli.Prove;
using Safeguarding.Contracts.Encounters;
using Safeguarding.Contracts.Matches;
using Safeguarding.Contracts.Persons;
using Safeguarding.Demo.Receiver;
using Safeguarding.Messaging.Faults;
using Safeguarding.TestKit;

namespace Safeguarding.Hub.Tests;

/// <summary>
/// Each service dies by SIGKILL at each of its dangerous places, at the first time it comes there, the second, and so
/// on until the story comes there no more: so every place is tried with every operation that passes it.
/// </summary>
[Trait("Kind", "faults")]
public sealed class Crash_points(HubServers servers)
{
    private static readonly TimeSpan Healing = TimeSpan.FromSeconds(120);

    private static readonly string[] OfAnySender =
    [
        CrashPoint.BeforeCommit,
        CrashPoint.AfterCommit,
        CrashPoint.AfterClaim,
        CrashPoint.AfterSend,
        CrashPoint.AfterMark,
        CrashPoint.AfterPurge,
    ];

    private static readonly string[] OfAnyListener =
    [
        CrashPoint.AfterTake,
        CrashPoint.AfterConsume,
        CrashPoint.AfterPark,
        CrashPoint.BeforeAcknowledgement,
        CrashPoint.AfterAcknowledgement,
    ];

    private static readonly Dictionary<string, string[]> Places = new()
    {
        ["plan-registry"] = OfAnySender,
        ["encounter-ingest"] = OfAnySender,
        ["matching"] = [.. OfAnySender, .. OfAnyListener],
        ["notification"] =
        [
            CrashPoint.BeforeCommit,
            CrashPoint.AfterCommit,
            .. OfAnyListener,
            CrashPoint.AfterDeliveryClaim,
            CrashPoint.AfterDeliveryAnswer,
            CrashPoint.AfterDeliveryRecord,
        ],
    };

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Run", "bounded")]
    public async Task A_service_that_dies_where_it_hurts_most_loses_nothing_and_repeats_no_effect()
    {
        await using var story = await Story.StartAsync(servers);
        foreach (
            var (service, place) in ((string, string)[])
                [
                    ("encounter-ingest", CrashPoint.AfterCommit),
                    ("encounter-ingest", CrashPoint.AfterSend),
                    ("matching", CrashPoint.AfterConsume),
                    ("notification", CrashPoint.BeforeCommit),
                ]
        )
        {
            Assert.True(await story.TellAsync(service, place, 1), $"{service} never came to {place}");
        }
    }

    [Theory]
    [InlineData("plan-registry")]
    [InlineData("encounter-ingest")]
    [InlineData("matching")]
    [InlineData("notification")]
    [Trait("Run", "whole")]
    public async Task Every_service_dies_at_every_place_at_every_passage(string service)
    {
        const int farEnough = 40;
        await using var story = await Story.StartAsync(servers);
        var died = 0;
        foreach (var place in Places[service])
        {
            var began = TimeProvider.System.GetTimestamp();
            var passage = 1;
            while (passage <= farEnough && await story.TellAsync(service, place, passage))
                passage++;
            Assert.True(passage > 1, $"{service} never came to {place}");
            died += passage - 1;
            Say(
                $"{service} at {place}: {passage - 1} deaths, 0 lost, 0 repeated; {TimeProvider.System.GetElapsedTime(began).TotalSeconds / passage:f1} s a run"
            );
        }

        Say($"{service}: n = {died} deaths by SIGKILL");
    }

    [Fact]
    public async Task Outside_tests_the_switch_stops_the_start()
    {
        await using var surroundings = await Surroundings.CreateAsync(servers);
        var settings = surroundings.Settings.ToDictionary();
        settings["HUB_CRASH_AT"] = $"{CrashPoint.AfterCommit}#1";
        settings["ASPNETCORE_ENVIRONMENT"] = "Production";

        await using var service = ServiceProcess.Of("Safeguarding.PlanRegistry", settings);
        await service.StartAgainAsync(mayDie: true);

        Assert.True(service.HasDied);
        Assert.Contains("HUB_CRASH_AT kills this process and is for tests only", service.Log, StringComparison.Ordinal);
    }

    private static void Say(FormattableString line) =>
        TestContext.Current.TestOutputHelper!.WriteLine(FormattableString.Invariant(line));

    /// <summary>
    /// Two children's story, told by clients that send again until they are answered: plans, alerts, news,
    /// acknowledgement, withdrawal; and between them a message for each listener that nobody can read.
    /// </summary>
    private sealed class Story : IAsyncDisposable
    {
        private readonly HubUnderTest _hub;
        private readonly WebhookReceiver _council;
        private int _told;

        private Story(HubUnderTest hub, WebhookReceiver council) => (_hub, _council) = (hub, council);

        public static async Task<Story> StartAsync(HubServers servers)
        {
            var hub = await HubUnderTest.StartAsync(
                servers,
                ("ASPNETCORE_ENVIRONMENT", "Testing"),
                ("Webhooks:RequestTimeout", "00:00:02")
            );
            var council = await WebhookReceiver.StartAsync(0);
            council.Trust("council", await hub.SubscribeAsync(HubUnderTest.Council, council.Address("council")));
            return new Story(hub, council);
        }

        /// <returns>Whether the service died on the way.</returns>
        public async Task<bool> TellAsync(string service, string place, int passage)
        {
            var process = _hub.Service(service);
            await process.KillAsync();
            await process.StartAgainAsync(mayDie: true, ("HUB_CRASH_AT", $"{place}#{passage}"));
            using var over = new CancellationTokenSource();
            var restarter = ReviveAsync(process, over.Token);

            var name = $"{++_told}";
            var (seen, mistaken) = (Synthetic.AChild(), Synthetic.AChild());
            await PutPlanAsync($"seen-{name}", seen);
            await PutPlanAsync($"mistaken-{name}", mistaken);
            await _hub.Surroundings.Bus.PublishRawAsync<EncounterReceived>(Encoding.UTF8.GetBytes($"{{{name}"));
            await _hub.Surroundings.Bus.PublishRawAsync<EncounterMatched>(Encoding.UTF8.GetBytes($"{{{name}"));
            await PostAsync(seen, $"seen-{name}", "in-progress");
            await PostAsync(mistaken, $"mistaken-{name}", "in-progress");
            var alert = await AlertAsync($"seen-{name}", one => (string?)one["state"] == "delivered");
            await AlertAsync($"mistaken-{name}", _ => true);
            await PostAsync(seen, $"seen-{name}", "finished");
            await UntilAsync(async () =>
            {
                using var client = _hub.Client(_hub.PlanRegistry, HubUnderTest.Council, "plan.write");
                return (await client.DeleteAsync($"/plans/mistaken-{name}", Cancelled)).IsSuccessStatusCode;
            });
            await AlertAsync($"seen-{name}", one => (string?)one["encounter"]!["status"] == "finished");
            await UntilAsync(async () =>
            {
                using var client = _hub.Client(_hub.Notification, HubUnderTest.Council, "alert.ack");
                return (
                    await client.PostAsync(
                        $"/alerts/{alert["id"]}/acknowledge",
                        HubUnderTest.Json(new { version = 2 }),
                        Cancelled
                    )
                ).IsSuccessStatusCode;
            });

            await AlertAsync($"seen-{name}", one =>
                (string?)one["state"] == "acknowledged" && (int)one["version"]! == 2
            );
            await AlertAsync($"mistaken-{name}", one => (string?)one["state"] == "withdrawn");
            // Raised and amended: two versions of one alert, each under an id of its own, however often it was sent.
            await Eventually.UntilAsync(
                () => Task.FromResult(ArrivalsOf(alert)),
                arrivals => arrivals.Count == 2,
                Healing,
                $"{service} at {place}#{passage}: two arrivals"
            );
            await Eventually.UntilAsync(
                ProveAsync,
                proof => proof.Code == 0 && proof.Report.Contains("WHOLE", StringComparison.Ordinal),
                Healing,
                $"{service} at {place}#{passage}: whole"
            );
            Assert.Equal(0, _council.Forged);
            // One of each run at each of the two listeners.
            var parked = await Eventually.UntilAsync(
                ParkedAsync,
                parked => parked.Matching >= _told && parked.Notification >= _told,
                Healing,
                "what nobody can read is parked"
            );
            Assert.Equal<(long, long)>((_told, _told), parked);

            var died = process.Deaths > 0;
            await over.CancelAsync();
            await restarter;
            return died;
        }

        public async ValueTask DisposeAsync()
        {
            await _council.DisposeAsync();
            await _hub.DisposeAsync();
        }

        // It may die late in the run: then the service is unavailable for a moment.
        private async Task<(int Code, string Report)> ProveAsync()
        {
            try
            {
                return await _hub.ProveAsync();
            }
            catch (CannotProveException exception)
            {
                return (-1, exception.Message);
            }
        }

        private async Task<(long Matching, long Notification)> ParkedAsync()
        {
            await using var connection = new NpgsqlConnection(_hub.Surroundings.Database);
            await connection.OpenAsync(Cancelled);
            await using var command = new NpgsqlCommand(
                "SELECT (SELECT count(*) FROM matching.parked_message), (SELECT count(*) FROM notification.parked_message)",
                connection
            );
            await using var reader = await command.ExecuteReaderAsync(Cancelled);
            await reader.ReadAsync(Cancelled);
            return (reader.GetInt64(0), reader.GetInt64(1));
        }

        private List<Delivery> ArrivalsOf(JsonNode alert) =>
            [
                .. _council.Deliveries.Where(delivery =>
                    (string?)delivery.Event["data"]!["alertId"] == (string?)alert["id"]
                ),
            ];

        // As systemd or an orchestrator would. The switch is off from then on: each run has one death.
        private static async Task ReviveAsync(ServiceProcess process, CancellationToken over)
        {
            while (!over.IsCancellationRequested)
            {
                if (process.HasDied)
                    await process.StartAgainAsync(mayDie: false, ("HUB_CRASH_AT", null));
                await Task.Delay(50, CancellationToken.None);
            }
        }

        private Task PutPlanAsync(string reference, PersonTraits child) =>
            UntilAsync(async () =>
            {
                await _hub.PutPlanAsync(HubUnderTest.Council, reference, child);
                return true;
            });

        private Task PostAsync(PersonTraits child, string identifier, string status) =>
            UntilAsync(async () =>
            {
                using var epr = _hub.Client(_hub.EncounterIngest, HubUnderTest.Trust, "encounter.submit");
                return (
                    await epr.PostAsync("/fhir/Encounter", HubUnderTest.Encounter(child, identifier, status), Cancelled)
                ).IsSuccessStatusCode;
            });

        private async Task<JsonNode> AlertAsync(string reference, Func<JsonNode, bool> fits)
        {
            JsonNode? found = null;
            await UntilAsync(async () =>
            {
                var own = (await _hub.AlertsAsync(HubUnderTest.Council))
                    .Where(alert => (string?)alert!["plans"]?[0]?["reference"] == reference)
                    .ToList();
                Assert.True(own.Count <= 1, $"{own.Count} alerts of one encounter");
                return (found = own.SingleOrDefault()) is not null && fits(found);
            });
            return found!;
        }

        // A sender as those of trusts and councils are: it repeats until it gets a 2xx.
        private static Task UntilAsync(Func<Task<bool>> act) =>
            Eventually.UntilAsync(
                async () =>
                {
                    try
                    {
                        if (await act())
                            return true;
                    }
                    catch (Exception exception)
                        when (exception is HttpRequestException or HttpIOException or NpgsqlException)
                    {
                        // Sent again below.
                    }

                    // Asked less often, the service it waits for has more of the machine to start with.
                    await Task.Delay(200, Cancelled);
                    return false;
                },
                Healing
            );
    }
}
