using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Safeguarding.TestKit;

namespace Safeguarding.Notification.Tests;

/// <summary>What becomes of an alert whose endpoint does not take it at once. The clock is the test's.</summary>
public sealed class Endpoint_that_fails(HubWithClock hub) : IClassFixture<HubWithClock>
{
    [Fact]
    public async Task It_is_tried_again_on_the_schedule_with_the_same_id_and_bytes_until_accepted()
    {
        await using var receiver = await Receiver.StartAsync();
        receiver.Answer = Receiver.Status(503);
        var council = hub.ACouncil();
        var secret = await council.Subscribe(receiver.Url, "full");
        await hub.Publish(hub.AMatch(council));
        var alert = await council.Alert(_ => true);

        var first = await council.Attempt(alert.Id(), "serverError");
        Assert.InRange(
            first.GetProperty("nextAttemptAt").GetDateTimeOffset() - first.GetProperty("at").GetDateTimeOffset(),
            TimeSpan.FromSeconds(5),
            TimeSpan.FromSeconds(6.5)
        );
        await hub.Pass(TimeSpan.FromSeconds(1), () => receiver.Received.Count == 2);
        await hub.Pass(TimeSpan.FromSeconds(5), () => receiver.Received.Count == 3);
        receiver.Answer = Receiver.Status(200);
        await hub.Pass(TimeSpan.FromSeconds(10), () => receiver.Received.Count == 4);

        await council.Attempt(alert.Id(), "delivered");
        Assert.Single(receiver.Received.Select(hook => hook.Id).Distinct());
        Assert.Single(receiver.Received.Select(hook => Convert.ToHexString(hook.Body)).Distinct());
        Assert.Equal(4, receiver.Received.Select(hook => hook.Timestamp).Distinct().Count());
        Assert.All(receiver.Received, hook => AssertSigned(secret, hook));
        Assert.Equal(
            [4, 3, 2, 1],
            (await council.Attempts(alert.Id())).Select(attempt => attempt.GetProperty("number").GetInt32())
        );
        Assert.Equal("delivered", (await council.Get($"/alerts/{alert.Id()}")).Text("state"));
    }

    [Fact]
    public async Task It_is_still_tried_every_five_minutes_after_a_week()
    {
        await using var receiver = await Receiver.StartAsync();
        receiver.Answer = Receiver.Status(500);
        var council = hub.ACouncil();
        await council.Subscribe(receiver.Url);
        await hub.Publish(hub.AMatch(council));
        await receiver.AtLeast(1);
        for (var tries = 2; tries <= 6; tries++)
            await hub.Pass(TimeSpan.FromSeconds(45), () => receiver.Received.Count >= tries);

        hub.Clock.Advance(TimeSpan.FromDays(7));
        receiver.Answer = Receiver.Status(204);

        var before = receiver.Received.Count;
        await hub.Pass(TimeSpan.FromMinutes(1), () => receiver.Received.Count > before);
        var alert = await council.Alert(_ => true);
        await council.Attempt(alert.Id(), "delivered");
    }

    [Fact]
    public async Task Retry_After_is_obeyed_for_that_alert_and_for_everything_behind_it()
    {
        await using var receiver = await Receiver.StartAsync();
        receiver.Answer = Receiver.Status(429, retryAfter: "120");
        var council = hub.ACouncil();
        await council.Subscribe(receiver.Url);
        await hub.Publish(hub.AMatch(council));
        var alert = await council.Alert(_ => true);
        var throttled = await council.Attempt(alert.Id(), "throttled");
        Assert.InRange(
            throttled.GetProperty("nextAttemptAt").GetDateTimeOffset()
                - throttled.GetProperty("at").GetDateTimeOffset(),
            TimeSpan.FromSeconds(120),
            TimeSpan.FromSeconds(125)
        );
        receiver.Answer = Receiver.Status(204);

        await hub.Publish(hub.AMatch(council));
        await Eventually.UntilAsync(() => council.Alerts(), alerts => alerts.Count == 2);
        hub.Clock.Advance(TimeSpan.FromSeconds(100));
        await ANeighbourIsServed();
        Assert.Single(receiver.Received);

        await hub.Pass(TimeSpan.FromSeconds(5), () => receiver.Received.Count == 3);
    }

    [Theory]
    [InlineData(410, "gone")]
    [InlineData(400, "rejected")]
    [InlineData(401, "rejected")]
    public async Task A_no_parks_the_alert_for_that_endpoint_alone_and_a_replay_sends_it_again(
        int status,
        string outcome
    )
    {
        await using var receiver = await Receiver.StartAsync();
        receiver.Answer = Receiver.Status(status);
        var council = hub.ACouncil();
        await council.Subscribe(receiver.Url);
        await hub.Publish(hub.AMatch(council));
        var alert = await council.Alert(_ => true);
        await council.Attempt(alert.Id(), outcome);

        hub.Clock.Advance(TimeSpan.FromMinutes(20));
        await ANeighbourIsServed();
        Assert.Single(receiver.Received);
        Assert.Equal(alert.Id(), (await council.ClaimOne()).Id());
        Assert.Contains("deliveryParked", await council.Deeds(alert));

        receiver.Answer = Receiver.Status(204);
        var since = hub.Clock.GetUtcNow().AddHours(-1);
        Assert.Equal(
            1,
            (await council.Post("/subscriptions/case-system/replay", new { since, dryRun = true }))
                .Body.GetProperty("deliveries")
                .GetInt32()
        );
        Assert.Single(receiver.Received);
        Assert.Equal(
            1,
            (await council.Post("/subscriptions/case-system/replay", new { since }))
                .Body.GetProperty("deliveries")
                .GetInt32()
        );
        var hooks = await receiver.AtLeast(2);
        Assert.Equal(hooks[0].Id, hooks[1].Id);
    }

    [Fact]
    public async Task A_redirect_is_not_followed()
    {
        await using var elsewhere = await Receiver.StartAsync();
        await using var receiver = await Receiver.StartAsync();
        receiver.Answer = Receiver.Redirect(elsewhere.Url);
        var council = hub.ACouncil();
        await council.Subscribe(receiver.Url);

        await hub.Publish(hub.AMatch(council));

        var alert = await council.Alert(_ => true);
        await council.Attempt(alert.Id(), "redirected");
        await hub.Pass(TimeSpan.FromSeconds(2), () => receiver.Received.Count >= 2);
        Assert.Empty(elsewhere.Received);
    }

    [Fact]
    public async Task An_endpoint_that_hangs_is_cut_off_and_a_missing_one_is_tried_again()
    {
        var hanging = await Receiver.StartAsync();
        await using var _ = hanging;
        hanging.Answer = hanging.Hang;
        var port = FreePort.Next();
        var council = hub.ACouncil();
        await council.Subscribe(hanging.Url, name: "hanging");
        await council.Subscribe(new Uri($"http://127.0.0.1:{port}/hooks"), name: "absent");

        await hub.Publish(hub.AMatch(council));
        var alert = await council.Alert(_ => true);
        await council.Attempt(alert.Id(), "connectionFailed");
        await hanging.AtLeast(1);
        await hub.Pass(
            TimeSpan.FromSeconds(10),
            () => council.Attempts(alert.Id()).Result.Any(attempt => attempt.Text("outcome") == "timedOut"),
            hangs: true
        );

        await using var back = await Receiver.StartAsync(port);
        await hub.Pass(TimeSpan.FromSeconds(5), () => back.Received.Count > 0, hangs: true);
    }

    [Fact]
    public async Task When_an_endpoint_answers_again_everything_that_waits_for_it_goes_out_at_once()
    {
        await using var receiver = await Receiver.StartAsync();
        receiver.Answer = Receiver.Status(500);
        var council = hub.ACouncil();
        await council.Subscribe(receiver.Url);
        await hub.Publish([.. Enumerable.Range(0, 30).Select(_ => hub.AMatch(council))]);
        await receiver.AtLeast(5);
        for (var i = 0; i < 20; i++)
            hub.Clock.Advance(TimeSpan.FromMinutes(1));

        receiver.Answer = Receiver.Status(204);
        await hub.Pass(TimeSpan.FromSeconds(20), () =>
            council.Get("/subscriptions/case-system").Result.GetProperty("endpoint").GetProperty("waiting").GetInt32()
            == 0
        );

        Assert.Equal(30, receiver.Received.Select(hook => hook.Id).Distinct().Count());
        Assert.All(await council.Alerts("?limit=200"), alert => Assert.Equal("delivered", alert.Text("state")));
    }

    [Fact]
    public async Task One_alert_that_it_refuses_is_not_sent_again_with_each_of_those_that_it_takes()
    {
        await using var receiver = await Receiver.StartAsync();
        string? refused = null;
        receiver.Answer = http =>
        {
            var id = http.Request.Headers["webhook-id"].ToString();
            return Receiver.Status((refused ??= id) == id ? 500 : 204)(http);
        };
        var council = hub.ACouncil();
        await council.Subscribe(receiver.Url);
        await hub.Publish(hub.AMatch(council));
        await receiver.AtLeast(1);

        for (var others = 1; others <= 8; others++)
        {
            await hub.Publish(hub.AMatch(council));
            await Eventually.UntilAsync(
                () => Task.FromResult(receiver.Received),
                received => received.Count(hook => hook.Id != refused) == others
            );
            await ANeighbourIsServed();
        }

        Assert.Equal(2, receiver.Received.Count(hook => hook.Id == refused));
    }

    [Fact]
    public async Task Only_the_council_switches_an_endpoint_off_and_what_waits_goes_out_afterwards()
    {
        await using var receiver = await Receiver.StartAsync();
        var council = hub.ACouncil();
        await council.Subscribe(receiver.Url);
        await council.Http.PutAsJsonAsync(
            "/subscriptions/case-system",
            new { url = receiver.Url, enabled = false },
            TestContext.Current.CancellationToken
        );
        await hub.Publish(hub.AMatch(council));
        await council.Alert(_ => true);
        await ANeighbourIsServed();
        Assert.Empty(receiver.Received);

        await council.Http.PutAsJsonAsync(
            "/subscriptions/case-system",
            new { url = receiver.Url, enabled = true },
            TestContext.Current.CancellationToken
        );

        await receiver.AtLeast(1);
    }

    [Fact]
    public async Task A_rotated_secret_signs_beside_the_former_one_until_the_overlap_ends()
    {
        await using var receiver = await Receiver.StartAsync();
        var council = hub.ACouncil();
        var former = await council.Subscribe(receiver.Url);
        var fresh = (
            await council.Post("/subscriptions/case-system/rotate-secret", new { overlapHours = 2 })
        ).Body.Text("secret");

        await hub.Publish(hub.AMatch(council));
        var during = (await receiver.AtLeast(1))[0];
        hub.Clock.Advance(TimeSpan.FromHours(3));
        await hub.Publish(hub.AMatch(council));
        var after = (await receiver.AtLeast(2))[1];

        AssertSigned(fresh, during);
        AssertSigned(former, during);
        AssertSigned(fresh, after);
        Assert.DoesNotContain(SignedByHand(former, after), after.Signature.Split(' '));
        Assert.Equal((4, 2), (during.Signature.Split(' ').Length, after.Signature.Split(' ').Length));
        Assert.False((await council.Get("/subscriptions/case-system")).TryGetProperty("secret", out _));
    }

    /// <summary>Another council's alert goes through, so the dispatcher has looked since.</summary>
    private async Task ANeighbourIsServed()
    {
        await using var receiver = await Receiver.StartAsync();
        var neighbour = hub.ACouncil();
        await neighbour.Subscribe(receiver.Url);
        await hub.Publish(hub.AMatch(neighbour));
        await receiver.AtLeast(1);
    }

    internal static void AssertSigned(string secret, Hook hook) =>
        Assert.Contains(SignedByHand(secret, hook), hook.Signature.Split(' '));

    // As a supplier would write it from the README, not with the hub's own code.
    internal static string SignedByHand(string secret, Hook hook) =>
        "v1,"
        + Convert.ToBase64String(
            HMACSHA256.HashData(
                Convert.FromBase64String(secret["whsec_".Length..]),
                (byte[])[.. Encoding.UTF8.GetBytes($"{hook.Id}.{hook.Timestamp}."), .. hook.Body]
            )
        );
}
