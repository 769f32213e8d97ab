using System.Text;
using System.Text.Json;
using Safeguarding.Contracts.Encounters;

namespace Safeguarding.Notification.Tests;

/// <summary>The main way: a match becomes an alert, goes out signed, is claimed and acknowledged.</summary>
public sealed class Alert_reaches_a_council(Hub hub) : IClassFixture<Hub>
{
    [Fact]
    public async Task A_match_becomes_a_signed_thin_webhook_and_an_alert_that_can_be_claimed_and_acknowledged()
    {
        await using var receiver = await Receiver.StartAsync();
        var council = hub.ACouncil();
        var secret = await council.Subscribe(receiver.Url);

        await hub.Publish(hub.AMatch(council));

        var hook = (await receiver.AtLeast(1))[0];
        Assert.Equal("application/cloudevents+json", hook.ContentType);
        Assert.Equal("alert.raised.v1", hook.Type);
        Endpoint_that_fails.AssertSigned(secret, hook);
        Assert.Equal(
            ["alertId", "version", "councilCode"],
            hook.Event.GetProperty("data").EnumerateObject().Select(field => field.Name)
        );

        var claimed = await council.ClaimOne();
        Assert.Equal(hook.Event.GetProperty("data").GetProperty("alertId").GetGuid(), claimed.Id());
        var (status, standing) = await council.Post(
            $"/alerts/{claimed.Id()}/acknowledge",
            new { kind = "person", name = "Duty social worker 14" }
        );
        Assert.Equal(200, status);
        Assert.Equal("acknowledged", standing.Text("state"));
        Assert.Empty(await council.Claim());
        Assert.Equal(
            ["raised", "acknowledged"],
            (await council.Deeds(claimed)).Where(deed => deed is "raised" or "acknowledged")
        );
    }

    [Fact]
    public async Task An_alert_says_whose_plan_where_when_and_how_sure_and_nothing_of_who()
    {
        var council = hub.ACouncil();
        await hub.Publish(Hub.AContact(council.Code));
        var match = hub.AMatch(council);
        await hub.Publish(match);

        var alert = await Settled(council);

        Assert.Equal("CP-1041", alert.GetProperty("plans")[0].Text("reference"));
        Assert.Equal("342191000000101", alert.GetProperty("plans")[0].Text("snomed"));
        Assert.Equal(
            ("St Elsewhere", "RYJ01", "RYJ", "emergencyDepartment", "020 7946 0000"),
            (
                alert.Text("where", "siteName"),
                alert.Text("where", "siteOds"),
                alert.Text("where", "organisationOds"),
                alert.Text("where", "setting"),
                alert.Text("where", "phone")
            )
        );
        Assert.Equal(
            ("arrived", match.EncounterId.ToString()),
            (alert.Text("encounter", "status"), alert.Text("encounter", "id"))
        );
        Assert.Equal(
            (0.9995, "practically certain"),
            (alert.GetProperty("match").GetProperty("probability").GetDouble(), alert.Text("match", "inWords"))
        );
        Assert.Equal(
            ("rules", "Given name: the same."),
            (alert.Text("match", "decidedBy"), alert.GetProperty("match").GetProperty("why")[1].GetString())
        );
        Assert.Equal("448021000000103", alert.GetProperty("concerns")[0].GetString());
        Assert.Equal(
            ("Synthetic Borough", "020 7946 0999"),
            (alert.Text("council", "name"), alert.Text("council", "emergencyDutyPhone"))
        );
        Assert.Equal(
            "The child on child protection plan CP-1041 is at St Elsewhere (emergency department). Match: "
                + "practically certain, decided by the rules.",
            alert.Text("summary")
        );
    }

    [Fact]
    public async Task A_full_webhook_carries_the_alert_as_the_council_reads_it_and_is_sealed_at_rest()
    {
        await using var receiver = await Receiver.StartAsync();
        var council = hub.ACouncil();
        var secret = await council.Subscribe(receiver.Url, "full");

        await hub.Publish(hub.AMatch(council));

        var hook = (await receiver.AtLeast(1))[0];
        Endpoint_that_fails.AssertSigned(secret, hook);
        Assert.Equal("St Elsewhere", hook.Event.GetProperty("data").Text("where", "siteName"));
        var stored = await hub.Db(db =>
            Task.FromResult(db.Deliveries.Single(delivery => delivery.CouncilCode == council.Code))
        );
        Assert.DoesNotContain("Elsewhere", Encoding.UTF8.GetString(stored.Body), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_councils_with_plans_get_an_alert_each_and_the_same_match_again_makes_no_second()
    {
        var (one, other) = (hub.ACouncil(), hub.ACouncil());
        var match = hub.AMatch(one);

        await hub.Publish(match, match with { CouncilCode = other.Code });
        await hub.Publish(match);
        await hub.Publish(match, match with { Status = EncounterStatus.Triaged }, hub.AMatch(one));

        await Safeguarding.TestKit.Eventually.UntilAsync(() => one.Alerts(), alerts => alerts.Count == 2);
        var hers = Assert.Single(await other.Alerts());
        var his = (await one.Alerts()).Single(alert => alert.Text("encounter", "id") == match.EncounterId.ToString());
        Assert.NotEqual(his.Id(), hers.Id());
        Assert.Equal(1, his.GetProperty("version").GetInt64());
    }

    [Fact]
    public async Task An_alert_whose_place_cannot_be_opened_reaches_its_council_without_it()
    {
        var council = hub.ACouncil();
        await hub.Publish(hub.AMatch(council) with { Place = new("lost", new byte[40]) });
        await hub.Publish(hub.AMatch(council));
        await Safeguarding.TestKit.Eventually.UntilAsync(() => council.Alerts(), alerts => alerts.Count == 2);

        var claimed = await council.Claim();

        Assert.Equal(2, claimed.Count);
        Assert.Single(claimed, alert =>
            !alert.TryGetProperty("where", out _)
            && alert.Text("summary").Contains("cannot read", StringComparison.Ordinal)
        );
    }

    private static async Task<JsonElement> Settled(Desk council) =>
        await council.Alert(alert => alert.TryGetProperty("council", out _));
}
