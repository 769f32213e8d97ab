using System.Net.Http.Json;
using System.Text.Json;

namespace Safeguarding.Notification.Tests;

/// <summary>
/// Waiting at the feed, and keeping what one got there. The clock is the test's, so only news ends a
/// wait.
/// </summary>
public sealed class Long_poll(HubWithClock hub) : IClassFixture<HubWithClock>
{
    [Fact]
    public async Task One_who_waits_gets_an_alert_when_it_is_raised()
    {
        var council = hub.ACouncil();
        var waiting = council.Post("/alerts/claim", new { waitSeconds = 30 });
        await hub.Publish(hub.AMatch(hub.ACouncil()));

        await hub.Publish(hub.AMatch(council));

        var (status, claim) = await waiting.WaitAsync(TimeSpan.FromMinutes(2), TestContext.Current.CancellationToken);
        Assert.Equal(201, status);
        Assert.Equal(1, claim.GetProperty("alerts").GetArrayLength());
    }

    [Fact]
    public async Task A_wait_without_news_ends_when_it_was_to_end()
    {
        var waiting = hub.ACouncil().Post("/alerts/claim", new { waitSeconds = 3 });

        await hub.Pass(TimeSpan.FromSeconds(1), () => waiting.IsCompleted);

        Assert.Equal(204, (await waiting).Status);
    }

    [Fact]
    public async Task Too_many_who_wait_get_a_time_to_come_again_and_keep_nobody_else_out()
    {
        var (council, other) = (hub.ACouncil(), hub.ACouncil());
        var waiting = Enumerable
            .Range(0, 17)
            .Select(_ =>
                council.Http.PostAsJsonAsync(
                    "/alerts/claim",
                    new { waitSeconds = 30, max = 1 },
                    TestContext.Current.CancellationToken
                )
            )
            .ToList();

        var refused = await await Task.WhenAny(waiting);

        Assert.Equal(429, (int)refused.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(5), refused.Headers.RetryAfter!.Delta);
        Assert.Equal(
            "too-many-waiting",
            (await refused.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken)).Text("code")
        );
        await hub.Publish(hub.AMatch(other));
        Assert.Equal(201, (await other.Post("/alerts/claim", new { waitSeconds = 30 })).Status);
        await hub.Publish([.. Enumerable.Range(0, 16).Select(_ => hub.AMatch(council))]);
        await hub.Pass(TimeSpan.FromMilliseconds(500), () => waiting.TrueForAll(task => task.IsCompleted));
    }

    [Fact]
    public async Task A_renewed_lease_keeps_what_is_not_answered_and_an_ended_one_is_not_renewed()
    {
        var council = hub.ACouncil();
        await hub.Publish(hub.AMatch(council), hub.AMatch(council));
        await TestKit.Eventually.UntilAsync(() => council.Alerts(), alerts => alerts.Count == 2);
        var claim = (await council.Post("/alerts/claim", new { leaseSeconds = 60 })).Body;
        var (answered, kept) = (claim.GetProperty("alerts")[0].Id(), claim.GetProperty("alerts")[1].Id());
        var route = $"/alerts/leases/{claim.GetProperty("leaseId").GetGuid()}/renew";
        await council.Post($"/alerts/{answered}/acknowledge");
        hub.Clock.Advance(TimeSpan.FromSeconds(50));

        var (status, renewal) = await council.Post(route, new { leaseSeconds = 120 });

        Assert.Equal(200, status);
        Assert.Equal([kept], renewal.GetProperty("alerts").EnumerateArray().Select(id => id.GetGuid()));
        Assert.Equal(404, (await hub.ACouncil().Post(route)).Status);
        hub.Clock.Advance(TimeSpan.FromSeconds(100));
        Assert.Empty(await council.Claim());
        hub.Clock.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(404, (await council.Post(route)).Status);
        Assert.Equal(kept, (await council.ClaimOne()).Id());
    }
}
