using System.Text.Json;
using Safeguarding.Contracts.Alerts;
using Safeguarding.Contracts.Matches;
using Safeguarding.TestKit;

namespace Safeguarding.Notification.Tests;

/// <summary>A council says which types of events a subscription is sent.</summary>
public sealed class Types_of_a_subscription(Hub hub) : IClassFixture<Hub>
{
    private static readonly string[] Alerts = [AlertSignalTypes.Raised, AlertSignalTypes.Withdrawn];
    private static readonly string[] Questions = [AlertSignalTypes.ReviewRaised, AlertSignalTypes.ReviewOverdue];

    [Fact]
    public async Task Each_endpoint_is_sent_the_types_that_it_takes_and_all_where_none_are_named()
    {
        await using var all = await Receiver.StartAsync();
        await using var alerts = await Receiver.StartAsync();
        await using var questions = await Receiver.StartAsync();
        var council = hub.ACouncil();
        await council.Subscribe(all.Url, name: "all");
        await council.Put("/subscriptions/alerts", new { url = alerts.Url, types = Alerts });
        await council.Put("/subscriptions/questions", new { url = questions.Url, types = Questions });
        var match = hub.AMatch(council);

        await hub.Publish(match);
        await alerts.AtLeast(1);
        await hub.Publish(match with { Version = 2, Status = Contracts.Encounters.EncounterStatus.Finished });
        await hub.Publish(AQuestion(council));
        await all.AtLeast(3);
        await hub.Publish(new MatchWithdrawn(match.EncounterId, council.Code, 3, WithdrawalReason.PlanDeleted));

        await all.AtLeast(4);
        Assert.Equal(["alert.raised.v1", "alert.withdrawn.v1"], (await alerts.AtLeast(2)).Select(hook => hook.Type));
        Assert.Equal(["review.raised.v1"], (await questions.AtLeast(1)).Select(hook => hook.Type));
        Assert.Equal(
            Questions,
            (await council.Get("/subscriptions/questions"))
                .GetProperty("types")
                .EnumerateArray()
                .Select(type => type.GetString())
        );
        Assert.False((await council.Get("/subscriptions/all")).TryGetProperty("types", out _));
    }

    [Theory]
    [InlineData(AlertSignalTypes.Raised, "withdrawal-left-out", "types")]
    [InlineData(AlertSignalTypes.Amended, "withdrawal-left-out", "types")]
    [InlineData("alert.raised", "type-unknown", "types[0]")]
    [InlineData("heartbeat", "type-unknown", "types[0]")]
    [InlineData(AlertSignalTypes.BreakGlassUsed, "type-elsewhere", "types")]
    public async Task What_is_unknown_or_leaves_out_withdrawals_is_refused(string type, string code, string field)
    {
        var council = hub.ACouncil();

        var (status, body) = await council.Put(
            "/subscriptions/case-system",
            new { url = "http://127.0.0.1:9/hooks", types = new[] { type } }
        );

        var refusal = JsonSerializer.Deserialize<JsonElement>(body);
        Assert.Equal(
            (400, code, field),
            (status, refusal.Text("code"), refusal.GetProperty("errors")[0].Text("field"))
        );
    }

    [Fact]
    public async Task Who_received_an_alert_receives_its_withdrawal_though_it_takes_questions_only_by_then()
    {
        await using var receiver = await Receiver.StartAsync();
        var council = hub.ACouncil();
        await council.Subscribe(receiver.Url);
        var match = hub.AMatch(council);
        await hub.Publish(match);
        await receiver.AtLeast(1);
        await council.Put("/subscriptions/case-system", new { url = receiver.Url, types = Questions });

        await hub.Publish(hub.AMatch(council));
        await hub.Publish(new MatchWithdrawn(match.EncounterId, council.Code, 2, WithdrawalReason.PlanDeleted));

        Assert.Equal(["alert.raised.v1", "alert.withdrawn.v1"], (await receiver.AtLeast(2)).Select(hook => hook.Type));
    }

    [Fact]
    public async Task An_empty_list_takes_all_types_again_and_no_list_changes_nothing()
    {
        await using var receiver = await Receiver.StartAsync();
        var council = hub.ACouncil();
        await council.Put("/subscriptions/case-system", new { url = receiver.Url, types = Questions });

        var kept = await council.Put("/subscriptions/case-system", new { url = receiver.Url });
        var all = await council.Put("/subscriptions/case-system", new { url = receiver.Url, types = (string[])[] });

        Assert.Contains(AlertSignalTypes.ReviewRaised, kept.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("\"types\"", all.Body, StringComparison.Ordinal);
        await hub.Publish(hub.AMatch(council));
        await receiver.AtLeast(1);
    }

    [Fact]
    public async Task An_escalation_to_a_subscription_that_takes_no_alerts_is_refused_and_later_shown_as_missing()
    {
        var council = hub.ACouncil();
        var desk = new { url = "http://127.0.0.1:9/hooks", types = Questions };
        var steps = new { standard = new { steps = new[] { new { afterMinutes = 20, to = new[] { "desk" } } } } };
        await council.Put("/subscriptions/desk", desk);
        var (status, refusal) = await council.Put($"/escalations/{council.Code}", steps);
        await council.Put("/subscriptions/desk", desk with { types = [] });
        var (accepted, _) = await council.Put($"/escalations/{council.Code}", steps);

        await council.Put("/subscriptions/desk", desk);

        Assert.Equal(400, status);
        Assert.Contains("standard.steps[0].to[0]", refusal, StringComparison.Ordinal);
        Assert.True(accepted is 200 or 201, $"{accepted}");
        Assert.Equal(
            "desk",
            Assert
                .Single((await council.Get($"/escalations/{council.Code}")).GetProperty("missing").EnumerateArray())
                .GetString()
        );
    }

    private static MatchNeedsReview AQuestion(Desk council)
    {
        var now = TimeProvider.System.GetUtcNow();
        return new(Guid.CreateVersion7(), council.Code, 1, now, now.AddHours(4), Overdue: false);
    }
}
