using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Safeguarding.Contracts.Encounters;
using Safeguarding.Hosting.Audit;
using Safeguarding.TestKit;

namespace Safeguarding.Notification.Tests;

/// <summary>An operator sends ended deliveries again. The clock is the test's.</summary>
public sealed class Replays_by_operators(HubWithClock hub) : IClassFixture<HubWithClock>
{
    private Desk Operations => new(hub.Service, "HUB", "ops");

    [Fact]
    public async Task A_replay_names_its_dry_run_and_is_done_once_however_often_it_is_asked_for()
    {
        await using var receiver = await Receiver.StartAsync();
        var council = hub.ACouncil();
        await council.Subscribe(receiver.Url);
        await hub.Publish(hub.AMatch(council), hub.AMatch(council), hub.AMatch(council));
        await Eventually.UntilAsync(
            () => council.Alerts(),
            alerts => alerts.Count == 3 && alerts.TrueForAll(alert => alert.Text("state") == "delivered")
        );
        var first = receiver.Received.Select(hook => (hook.Id, Convert.ToHexString(hook.Body))).Order().ToList();
        var window = Window(council, "delivered");

        var (status, dry) = await Operations.Post("/deliveries/replay", window(new { dryRun = true }));
        Assert.Equal((200, 3), (status, dry.GetProperty("deliveries").GetInt32()));
        Assert.Equal(3, receiver.Received.Count);
        Assert.Equal(
            (409, "count-differs"),
            await Refused(
                window(
                    new
                    {
                        expect = 2,
                        nonce = dry.GetProperty("nonce"),
                        reason = "lost",
                    }
                )
            )
        );
        var request = window(
            new
            {
                expect = 3,
                nonce = dry.GetProperty("nonce"),
                reason = "the council lost its database",
                perMinute = 6,
            }
        );
        var answers = await Task.WhenAll(
            Operations.Post("/deliveries/replay", request),
            Operations.Post("/deliveries/replay", request)
        );
        Assert.All(answers, answer =>
            Assert.Equal((200, 3), (answer.Status, answer.Body.GetProperty("deliveries").GetInt32()))
        );
        var last = answers
            .Single(answer => answer.Body.TryGetProperty("lastDueAt", out _))
            .Body.GetProperty("lastDueAt")
            .GetDateTimeOffset();
        Assert.InRange(last - hub.Clock.GetUtcNow(), TimeSpan.FromSeconds(19.9), TimeSpan.FromSeconds(20.1));

        Assert.Equal(4, (await receiver.AtLeast(4)).Count);
        await hub.Pass(TimeSpan.FromSeconds(2), () => receiver.Received.Count == 5);
        await hub.Pass(TimeSpan.FromSeconds(2), () => receiver.Received.Count == 6);
        var again = receiver.Received.Skip(3).ToList();
        Assert.Equal(first, again.Select(hook => (hook.Id, Convert.ToHexString(hook.Body))).Order());
        Assert.Contains("deliveryReplayed", await council.Deeds((await council.Alerts())[0]));
        var records = await hub.Db(db =>
            db.Set<AuditRecord>().Where(record => record.Act == "deliveries.replay").ToListAsync()
        );
        Assert.DoesNotContain(records, record => record.Reason!.Contains("database", StringComparison.Ordinal));
        Assert.Single(records, record => hub.Service.ReasonOf(record) == "the council lost its database");
    }

    [Fact]
    public async Task A_stop_takes_back_what_still_waits_and_news_does_not_queue_behind_a_slow_replay()
    {
        await using var receiver = await Receiver.StartAsync();
        receiver.Answer = Receiver.Status(400);
        var council = hub.ACouncil();
        await council.Subscribe(receiver.Url);
        var matches = Enumerable.Range(0, 3).Select(_ => hub.AMatch(council)).ToArray();
        await hub.Publish(matches);
        await Eventually.UntilAsync(
            () => council.Get("/subscriptions/case-system"),
            view => view.GetProperty("endpoint").GetProperty("parked").GetInt32() == 3
        );
        receiver.Answer = Receiver.Status(204);
        var window = Window(council, "parked");
        var (_, dry) = await Operations.Post("/deliveries/replay", window(new { dryRun = true }));
        var (_, replay) = await Operations.Post(
            "/deliveries/replay",
            window(
                new
                {
                    expect = 3,
                    nonce = dry.GetProperty("nonce"),
                    reason = "mended",
                    perMinute = 1,
                }
            )
        );
        var before = (await receiver.AtLeast(4)).Count;
        // What was received is written down a moment later.
        await Eventually.UntilAsync(
            async () =>
                (await Operations.Get("/ops/councils"))
                    .EnumerateArray()
                    .Single(row => row.Text("council") == council.Code),
            standing =>
                (standing.GetProperty("alertsWaiting").GetInt32(), standing.GetProperty("deliveriesWaiting").GetInt32())
                == (3, 2)
        );

        // The endpoint answers again, which brings forward what waits, but not what has yet to have its turn.
        await hub.Publish(matches[2] with { Version = 2, Status = EncounterStatus.Triaged });
        await receiver.AtLeast(before + 1);

        var id = replay.GetProperty("nonce").GetGuid();
        var (_, stop) = await Operations.Post($"/deliveries/replays/{id}/stop");
        Assert.Equal(2, stop.GetProperty("deliveries").GetInt32());
        hub.Clock.Advance(TimeSpan.FromMinutes(10));
        var listed = (await Operations.Get("/deliveries/replays")).EnumerateArray().Single(row => row.Id() == id);
        Assert.Equal((0, "HUB-system"), (listed.GetProperty("waiting").GetInt32(), listed.Text("stoppedBy")));
        Assert.Equal(1 + before, receiver.Received.Count);
    }

    [Theory]
    [InlineData("""{}""", "from-missing")]
    [InlineData("""{"from":"2026-11-01T00:00:00Z"}""", "until-missing")]
    [InlineData("""{"from":"2026-11-02T00:00:00Z","until":"2026-11-01T00:00:00Z"}""", "window-empty")]
    [InlineData("""{"from":"2026-01-01T00:00:00Z","until":"2026-11-01T00:00:00Z"}""", "window-too-long")]
    [InlineData(
        """{"from":"2026-11-01T00:00:00Z","until":"2026-11-02T00:00:00Z","states":["cancelled"]}""",
        "state-not-replayable"
    )]
    [InlineData("""{"from":"2026-11-01T00:00:00Z","until":"2026-11-02T00:00:00Z","max":10001}""", "max-out-of-range")]
    [InlineData(
        """{"from":"2026-11-01T00:00:00Z","until":"2026-11-02T00:00:00Z","perMinute":0}""",
        "rate-out-of-range"
    )]
    [InlineData("""{"from":"2026-11-01T00:00:00Z","until":"2026-11-02T00:00:00Z","reason":"x"}""", "expect-missing")]
    [InlineData(
        """{"from":"2026-11-01T00:00:00Z","until":"2026-11-02T00:00:00Z","reason":"x","expect":0}""",
        "nonce-missing"
    )]
    [InlineData(
        """{"from":"2026-11-01T00:00:00Z","until":"2026-11-02T00:00:00Z","expect":0,"nonce":"01a214bd-cc1a-730e-95d0-56b7aadc991e"}""",
        "reason-missing"
    )]
    public async Task What_a_replay_lacks_is_named(string body, string code) =>
        Assert.Equal((400, code), await Refused(JsonSerializer.Deserialize<JsonElement>(body)));

    private async Task<(int Status, string Code)> Refused(object request)
    {
        var (status, body) = await Operations.Post("/deliveries/replay", request);
        return (status, body.Text("code"));
    }

    private Func<object, Dictionary<string, JsonElement>> Window(Desk council, string state) =>
        more =>
        {
            var window = new
            {
                from = hub.Clock.GetUtcNow().AddHours(-1),
                until = hub.Clock.GetUtcNow().AddHours(1),
                council = council.Code,
                states = new[] { state },
            };
            return ((object[])[window, more])
                .SelectMany(part => JsonSerializer.SerializeToElement(part).EnumerateObject())
                .ToDictionary(field => field.Name, field => field.Value);
        };
}
