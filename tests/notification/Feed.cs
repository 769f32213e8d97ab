using System.Net.Http.Json;
using System.Text.Json;
using Safeguarding.TestKit;

namespace Safeguarding.Notification.Tests;

/// <summary>Claim, lease, acknowledge, refuse: the way for councils that pull.</summary>
public sealed class Feed(HubWithClock hub) : IClassFixture<HubWithClock>
{
    [Fact]
    public async Task Two_workers_never_get_the_same_alert_and_together_they_get_all()
    {
        var council = hub.ACouncil();
        await hub.Publish([.. Enumerable.Range(0, 40).Select(_ => hub.AMatch(council))]);
        await Eventually.UntilAsync(() => council.Alerts("?limit=200"), alerts => alerts.Count == 40);

        var claims = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => council.Claim(max: 7)));

        var ids = claims.SelectMany(claim => claim).Select(alert => alert.Id()).ToList();
        Assert.Equal(ids.Count, ids.Distinct().Count());
        ids.AddRange((await council.Claim(max: 100)).Select(alert => alert.Id()));
        Assert.Equal(40, ids.Distinct().Count());
        Assert.Equal(40, ids.Count);
    }

    [Fact]
    public async Task An_alert_that_is_not_acknowledged_is_offered_again_when_its_lease_ends()
    {
        var council = hub.ACouncil();
        await hub.Publish(hub.AMatch(council));
        var claimed = await council.ClaimOne();
        Assert.Empty(await council.Claim());

        hub.Clock.Advance(TimeSpan.FromSeconds(61));

        Assert.Equal(claimed.Id(), (await council.ClaimOne()).Id());
    }

    [Fact]
    public async Task Acknowledging_twice_is_acknowledging_once_and_the_first_one_counts()
    {
        var council = hub.ACouncil();
        await hub.Publish(hub.AMatch(council));
        var alert = await council.ClaimOne();
        var body = new { kind = "person", name = "A. Worker" };

        var first = await council.Post($"/alerts/{alert.Id()}/acknowledge", body);
        hub.Clock.Advance(TimeSpan.FromMinutes(1));
        var again = await council.Post($"/alerts/{alert.Id()}/acknowledge", body);
        var system = await council.Post($"/alerts/{alert.Id()}/acknowledge");

        Assert.Equal((200, 200, 200), (first.Status, again.Status, system.Status));
        Assert.Equal(first.Body.GetRawText(), again.Body.GetRawText());
        Assert.Equal("A. Worker", system.Body.Text("settled", "by"));
        Assert.Equal(2, (await council.Deeds(alert)).Count(deed => deed == "acknowledged"));
    }

    [Fact]
    public async Task An_acknowledgement_of_an_older_version_leaves_the_newer_one_in_the_feed()
    {
        var council = hub.ACouncil();
        var match = hub.AMatch(council);
        await hub.Publish(match);
        var claimed = await council.ClaimOne();
        await hub.Publish(match with { Version = 2, Status = Contracts.Encounters.EncounterStatus.Finished });
        await council.Alert(alert => alert.GetProperty("version").GetInt32() == 2);

        await council.Post($"/alerts/{claimed.Id()}/acknowledge");

        var news = await council.ClaimOne();
        Assert.Equal((claimed.Id(), "amended", "acknowledged"), (news.Id(), news.Text("news"), news.Text("state")));
        await council.Post($"/alerts/{claimed.Id()}/acknowledge");
        Assert.Empty(await council.Claim());
        Assert.Equal(409, (await council.Post($"/alerts/{claimed.Id()}/acknowledge", new { version = 3 })).Status);
    }

    [Fact]
    public async Task A_refusal_says_why_closes_the_alert_and_is_not_undone_by_a_late_acknowledgement()
    {
        var council = hub.ACouncil();
        await hub.Publish(hub.AMatch(council));
        var alert = await council.ClaimOne();

        var (status, standing) = await council.Post(
            $"/alerts/{alert.Id()}/refuse",
            new
            {
                reason = "wrongChild",
                kind = "person",
                name = "Duty desk",
            }
        );

        Assert.Equal(
            (200, "refused", "wrongChild"),
            (status, standing.Text("state"), standing.Text("settled", "refused"))
        );
        Assert.Equal((409, "alert-refused"), await Code(council.Post($"/alerts/{alert.Id()}/acknowledge")));
        Assert.Equal(200, (await council.Post($"/alerts/{alert.Id()}/refuse", new { reason = "wrongChild" })).Status);
        Assert.Empty(await council.Claim());
    }

    [Fact]
    public async Task What_cannot_be_meant_is_refused_with_a_code()
    {
        var council = hub.ACouncil();
        await hub.Publish(hub.AMatch(council));
        var alert = await council.Alert(_ => true);

        Assert.Equal((400, "max-out-of-range"), await Code(council.Post("/alerts/claim", new { max = 101 })));
        Assert.Equal((400, "lease-out-of-range"), await Code(council.Post("/alerts/claim", new { leaseSeconds = 5 })));
        Assert.Equal(
            (400, "name-missing"),
            await Code(council.Post($"/alerts/{alert.Id()}/acknowledge", new { kind = "person" }))
        );
        Assert.Equal(
            (400, "kind-unknown"),
            await Code(council.Post($"/alerts/{alert.Id()}/acknowledge", new { kind = "hub", name = "x" }))
        );
        Assert.Equal((400, "reason-missing"), await Code(council.Post($"/alerts/{alert.Id()}/refuse", new { })));
        Assert.Equal(
            (400, "body-unreadable"),
            await Code(council.Post($"/alerts/{alert.Id()}/refuse", new { reason = "whim" }))
        );
    }

    [Fact]
    public async Task Pages_go_backwards_in_time_without_gaps_and_can_be_narrowed_to_a_state()
    {
        var council = hub.ACouncil();
        await hub.Publish([.. Enumerable.Range(0, 25).Select(_ => hub.AMatch(council))]);
        await Eventually.UntilAsync(() => council.Alerts("?limit=200"), alerts => alerts.Count == 25);
        await council.Post($"/alerts/{(await council.ClaimOne()).Id()}/acknowledge");

        List<Guid> seen = [];
        for (Guid? before = null; ; )
        {
            var page = await council.Get($"/alerts?limit=10{(before is null ? "" : $"&before={before}")}");
            seen.AddRange(page.GetProperty("alerts").EnumerateArray().Select(alert => alert.Id()));
            if (!page.TryGetProperty("before", out var next))
                break;
            before = next.GetGuid();
        }

        Assert.Equal(25, seen.Distinct().Count());
        Assert.Equal(seen.OrderDescending(), seen);
        Assert.Single(await council.Alerts("?state=acknowledged"));
        Assert.Equal(24, (await council.Alerts("?state=raised")).Count);
        Assert.Equal(
            400,
            (int)
                (
                    await council.Http.GetAsync(
                        new Uri("/alerts?state=4", UriKind.Relative),
                        TestContext.Current.CancellationToken
                    )
                ).StatusCode
        );
    }

    [Fact]
    public async Task Nothing_of_an_alert_may_be_cached_and_every_disclosure_is_on_record()
    {
        var council = hub.ACouncil();
        await hub.Publish(hub.AMatch(council));
        var alert = await council.Alert(_ => true);

        var claim = await council.Http.PostAsJsonAsync("/alerts/claim", new { }, TestContext.Current.CancellationToken);
        var read = await council.Http.GetAsync(
            new Uri($"/alerts/{alert.Id()}", UriKind.Relative),
            TestContext.Current.CancellationToken
        );
        var list = await council.Http.GetAsync(
            new Uri("/alerts", UriKind.Relative),
            TestContext.Current.CancellationToken
        );
        var history = await council.Http.GetAsync(
            new Uri($"/alerts/{alert.Id()}/history", UriKind.Relative),
            TestContext.Current.CancellationToken
        );

        Assert.All(new[] { claim, read, list, history }, answer => Assert.True(answer.Headers.CacheControl?.NoStore));
        var acts = await hub.Db(db =>
            Task.FromResult(
                db.Set<Safeguarding.Hosting.Audit.AuditRecord>()
                    .Where(record => record.Subject == alert.Id() && record.Organisation == council.Code)
                    .Select(record => record.Act)
                    .ToList()
            )
        );
        Assert.Superset(
            new HashSet<string> { "alert.claim", "alert.read", "alert.list", "alert.history.read" },
            acts.ToHashSet()
        );
    }

    [Fact]
    public async Task An_alert_nobody_has_taken_for_a_quarter_of_an_hour_is_marked_overdue()
    {
        var council = hub.ACouncil();
        await hub.Publish(hub.AMatch(council));
        var alert = await council.Alert(_ => true);
        Assert.False(alert.GetProperty("overdue").GetBoolean());

        hub.Clock.Advance(TimeSpan.FromMinutes(16));
        Assert.True((await council.Get($"/alerts/{alert.Id()}")).GetProperty("overdue").GetBoolean());

        await council.Post($"/alerts/{alert.Id()}/acknowledge");
        Assert.False((await council.Get($"/alerts/{alert.Id()}")).GetProperty("overdue").GetBoolean());
    }

    private static async Task<(int, string)> Code(Task<(int Status, JsonElement Body)> answer)
    {
        var (status, body) = await answer;
        return (status, body.Text("code"));
    }
}
