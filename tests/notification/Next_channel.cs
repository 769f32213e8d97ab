using System.Net.Http.Json;
using System.Text.Json;
using Safeguarding.TestKit;

namespace Safeguarding.Notification.Tests;

/// <summary>
/// What the council's other channels hear when one of them does not do its work. The clock is the
/// test's.
/// </summary>
public sealed class Next_channel(HubWithClock hub) : IClassFixture<HubWithClock>
{
    [Fact]
    public async Task What_an_endpoint_refuses_goes_to_the_standby_under_the_same_event_id()
    {
        await using var first = await Receiver.StartAsync();
        await using var second = await Receiver.StartAsync();
        var council = hub.ACouncil();
        await council.Subscribe(first.Url);
        await OnStandby(council, "desk", second.Url);
        await hub.Publish(hub.AMatch(council));
        var taken = (await first.AtLeast(1))[0];
        first.Answer = Receiver.Status(410);

        await hub.Publish(hub.AMatch(council));
        await hub.Pass(TimeSpan.FromSeconds(1), () => second.Received.Any(hook => hook.Type == "alert.raised.v1"));

        var refused = (await first.AtLeast(2))[1];
        var offered = Assert.Single(second.Received, hook => hook.Type == "alert.raised.v1");
        Assert.Equal(refused.Event.Text("id"), offered.Event.Text("id"));
        Assert.NotEqual(taken.Event.Text("id"), offered.Event.Text("id"));
        var alert = await council.Alert(alert =>
            alert.Id() == refused.Event.GetProperty("data").GetProperty("alertId").GetGuid()
        );
        Assert.Contains("deliveryOffered", await council.Deeds(alert));
        await Eventually.UntilAsync(() => council.Claim(), claimed => claimed.Exists(one => one.Id() == alert.Id()));
    }

    [Fact]
    public async Task A_withdrawal_reaches_the_one_on_standby_that_was_offered_the_alert()
    {
        await using var first = await Receiver.StartAsync();
        await using var second = await Receiver.StartAsync();
        first.Answer = Receiver.Status(400);
        var council = hub.ACouncil();
        await council.Subscribe(first.Url);
        await OnStandby(council, "desk", second.Url);
        var match = hub.AMatch(council);
        await hub.Publish(match);
        await hub.Pass(TimeSpan.FromSeconds(1), () => second.Received.Any(hook => hook.Type == "alert.raised.v1"));

        await hub.Publish(
            new Contracts.Matches.MatchWithdrawn(
                match.EncounterId,
                council.Code,
                2,
                Contracts.Matches.WithdrawalReason.EncounterEnteredInError
            )
        );

        await hub.Pass(TimeSpan.FromSeconds(1), () => second.Received.Any(hook => hook.Type == "alert.withdrawn.v1"));
    }

    [Fact]
    public async Task A_failing_endpoint_is_reported_once_to_the_council_and_operators_and_again_when_it_answers()
    {
        await using var failing = await Receiver.StartAsync();
        await using var other = await Receiver.StartAsync();
        failing.Answer = Receiver.Status(503);
        var council = hub.ACouncil();
        await council.Subscribe(failing.Url);
        await council.Subscribe(other.Url, name: "duty-screen");
        await hub.Publish(hub.AMatch(council), hub.AMatch(council), hub.AMatch(council));

        await hub.Pass(TimeSpan.FromSeconds(1), () => other.Received.Any(hook => hook.Type == "endpoint.failing.v1"));

        var notice = other.Received.Single(hook => hook.Type == "endpoint.failing.v1").Event.GetProperty("data");
        Assert.Equal(
            (council.Code, "case-system", "serverError"),
            (notice.Text("councilCode"), notice.Text("subscription"), notice.Text("outcome"))
        );
        Assert.True((await council.Get("/subscriptions/case-system")).TryGetProperty("failingSince", out _));
        // A claim passes over alerts whose delivery is just being written, and may find none for a moment.
        var claim = (
            await Eventually.UntilAsync(
                () => council.Post("/alerts/claim", new { max = 1 }),
                claimed => claimed.Status == 201
            )
        ).Body;
        Assert.Equal("case-system", claim.GetProperty("failingEndpoints")[0].Text("subscription"));

        Assert.Single(other.Received, hook => hook.Type == "endpoint.failing.v1");

        failing.Answer = Receiver.Status(204);
        await hub.Pass(TimeSpan.FromSeconds(5), () => other.Received.Any(hook => hook.Type == "endpoint.recovered.v1"));

        await Eventually.UntilAsync(
            () => council.Get("/subscriptions/case-system"),
            subscription => !subscription.TryGetProperty("failingSince", out _)
        );
        var reports = (
            await hub
                .Service.Client("HUB", "ops")
                .GetFromJsonAsync<JsonElement>(
                    $"/endpoints/reports?council={council.Code}",
                    TestContext.Current.CancellationToken
                )
        ).GetProperty("reports");
        Assert.Equal(
            ["failing", "recovered"],
            reports.EnumerateArray().Select(report => report.Text("news")).Reverse().Take(2)
        );
        Assert.DoesNotContain(failing.Received, hook => hook.Type.StartsWith("endpoint", StringComparison.Ordinal));
    }

    private static async Task OnStandby(Desk council, string name, Uri url) =>
        Assert.Equal(
            201,
            (int)
                (
                    await council.Http.PutAsJsonAsync(
                        $"/subscriptions/{name}",
                        new { url, standby = true },
                        TestContext.Current.CancellationToken
                    )
                ).StatusCode
        );
}
