using System.Net.Http.Json;
using System.Text.Json;
using Safeguarding.Contracts.Encounters;
using Safeguarding.Contracts.Matches;
using Safeguarding.Contracts.Plans;
using Safeguarding.TestKit;

namespace Safeguarding.Notification.Tests;

/// <summary>Whoever may have heard of an alert hears that it is taken back, and nobody else hears anything.</summary>
public sealed class Withdrawal_at_every_moment(HubWithClock hub) : IClassFixture<HubWithClock>
{
    [Fact]
    public async Task Before_its_match_it_is_remembered_and_the_alert_is_never_raised()
    {
        await using var receiver = await Receiver.StartAsync();
        var council = hub.ACouncil();
        await council.Subscribe(receiver.Url);
        var match = hub.AMatch(council);

        await hub.Publish(Withdrawal(match, version: 2));
        await Eventually.UntilAsync(() =>
            hub.Db(db => Task.FromResult(db.Alerts.Any(alert => alert.EncounterId == match.EncounterId)))
        );
        await hub.Publish(match);
        await hub.Publish(hub.AMatch(council));

        await receiver.AtLeast(1);
        Assert.NotEqual(match.EncounterId.ToString(), Assert.Single(await council.Alerts()).Text("encounter", "id"));
        await council.ClaimOne();
        Assert.Single(receiver.Received);
    }

    [Fact]
    public async Task Before_the_first_attempt_nothing_is_ever_sent_and_the_history_says_why()
    {
        await using var receiver = await Receiver.StartAsync();
        var council = hub.ACouncil();
        await council.Subscribe(receiver.Url);
        await Switch(council, receiver, on: false);
        var match = hub.AMatch(council);
        await hub.Publish(match);
        var id = await IdOf(match);

        await hub.Publish(Withdrawal(match, version: 2));
        await StateIs(id, "Withdrawn");
        await Switch(council, receiver, on: true);
        await hub.Publish(hub.AMatch(council));
        await receiver.AtLeast(1);

        Assert.Single(receiver.Received);
        Assert.DoesNotContain(await council.Claim(), alert => alert.Id() == id);
        var history = (await council.Get($"/alerts/{id}/history")).GetProperty("entries").EnumerateArray().ToList();
        Assert.Equal(["deliveryCancelled", "raised", "withdrawn"], history.Select(entry => entry.Text("deed")).Order());
        Assert.Contains(history, entry =>
            entry.TryGetProperty("note", out var note)
            && note.GetString()!.Contains("never sent", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task While_the_first_attempt_is_under_way_it_follows_when_that_has_ended()
    {
        await using var receiver = await Receiver.StartAsync();
        var gate = new TaskCompletionSource();
        receiver.Answer = async http => await gate.Task.WaitAsync(http.RequestAborted);
        var council = hub.ACouncil();
        await council.Subscribe(receiver.Url);
        var match = hub.AMatch(council);
        await hub.Publish(match);
        await receiver.AtLeast(1);
        var id = await IdOf(match);

        await hub.Publish(Withdrawal(match, version: 2));
        await StateIs(id, "Withdrawn");
        Assert.Single(receiver.Received);
        gate.SetResult();

        await hub.Pass(TimeSpan.FromMilliseconds(200), () => receiver.Received.Count == 2);
        Assert.Equal(["alert.raised.v1", "alert.withdrawn.v1"], receiver.Received.Select(hook => hook.Type));
    }

    [Fact]
    public async Task After_a_failed_attempt_the_alert_is_no_longer_tried_and_the_withdrawal_is()
    {
        await using var receiver = await Receiver.StartAsync();
        receiver.Answer = Receiver.Status(500);
        var council = hub.ACouncil();
        await council.Subscribe(receiver.Url);
        var match = hub.AMatch(council);
        await hub.Publish(match);
        var id = await IdOf(match);
        await council.Attempt(id, "serverError");
        receiver.Answer = Receiver.Status(204);

        await hub.Publish(Withdrawal(match, version: 2));

        await receiver.AtLeast(2);
        for (var i = 0; i < 10; i++)
            hub.Clock.Advance(TimeSpan.FromMinutes(1));
        await hub.Publish(hub.AMatch(council));
        await receiver.AtLeast(3);
        Assert.Equal(
            ["alert.raised.v1", "alert.withdrawn.v1", "alert.raised.v1"],
            receiver.Received.Select(hook => hook.Type)
        );
    }

    [Fact]
    public async Task After_acknowledgement_the_webhook_and_the_feed_tell_of_it_without_where_the_child_was()
    {
        await using var receiver = await Receiver.StartAsync();
        receiver.Answer = Receiver.Status(500);
        var council = hub.ACouncil();
        await council.Subscribe(receiver.Url, "full");
        var match = hub.AMatch(council);
        await hub.Publish(match);
        var claimed = await council.ClaimOne();
        await council.Post($"/alerts/{claimed.Id()}/acknowledge");

        await hub.Publish(Withdrawal(match, version: 2));

        var news = await council.ClaimOne();
        Assert.Equal(
            (claimed.Id(), "withdrawn", "withdrawn", "planDeleted"),
            (news.Id(), news.Text("state"), news.Text("news"), news.Text("withdrawn", "reason"))
        );
        Assert.DoesNotContain("Elsewhere", news.GetRawText(), StringComparison.Ordinal);
        Assert.Equal(200, (await council.Post($"/alerts/{news.Id()}/acknowledge")).Status);
        Assert.Empty(await council.Claim());
        var hooks = await receiver.AtLeast(2);
        Assert.Equal(
            ("alert.withdrawn.v1", 2),
            (hooks[^1].Type, hooks[^1].Event.GetProperty("data").GetProperty("version").GetInt32())
        );
        Assert.DoesNotContain("Elsewhere", hooks[^1].ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_match_after_a_withdrawal_raises_the_same_alert_again()
    {
        await using var receiver = await Receiver.StartAsync();
        var council = hub.ACouncil();
        await council.Subscribe(receiver.Url);
        var match = hub.AMatch(council);
        await hub.Publish(match);
        var claimed = await council.ClaimOne();
        await council.Post($"/alerts/{claimed.Id()}/acknowledge");
        await receiver.AtLeast(1);
        await hub.Publish(Withdrawal(match, version: 2));
        await StateIs(claimed.Id(), "Withdrawn");

        await hub.Publish(match with { Version = 3 });

        await hub.Pass(TimeSpan.FromMilliseconds(200), () => receiver.Received.Count == 3);
        var again = await council.ClaimOne();
        Assert.Equal((claimed.Id(), "raised"), (again.Id(), again.Text("news")));
        Assert.False(again.TryGetProperty("settled", out _));
        Assert.Equal(
            [1, 2, 3],
            receiver.Received.Select(hook => hook.Event.GetProperty("data").GetProperty("version").GetInt32())
        );
    }

    [Fact]
    public async Task The_mother_of_an_unborn_child_is_never_said_to_have_a_plan()
    {
        var council = hub.ACouncil();
        await hub.Publish(
            hub.AMatch(council) with
            {
                Plans = [new MatchedPlan(Guid.CreateVersion7(), "UB-7", PlanKind.Unborn, MatchRole.MotherOfUnborn)],
                Certainty = 0.97,
                Late = true,
            }
        );

        var alert = await council.Alert(_ => true);

        Assert.Equal("motherOfUnborn", alert.GetProperty("plans")[0].Text("role"));
        Assert.StartsWith(
            "The mother of the unborn child on plan UB-7 is at St Elsewhere",
            alert.Text("summary"),
            StringComparison.Ordinal
        );
        Assert.EndsWith(
            "Match: likely, decided by the rules. The plan reached the hub after the encounter.",
            alert.Text("summary"),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task An_encounter_that_moves_on_amends_its_alert_and_an_older_version_does_nothing()
    {
        await using var receiver = await Receiver.StartAsync();
        var council = hub.ACouncil();
        await council.Subscribe(receiver.Url);
        var match = hub.AMatch(council);
        await hub.Publish(match);
        var claimed = await council.ClaimOne();
        await council.Post($"/alerts/{claimed.Id()}/acknowledge", new { kind = "person", name = "Duty desk" });

        await hub.Publish(
            match with
            {
                Version = 3,
                Status = EncounterStatus.LeftBeforeSeen,
                Place = hub.Sealer.Seal(Hub.APlace),
            }
        );
        await council.Alert(alert => alert.GetProperty("version").GetInt32() == 2);
        await hub.Publish(match with { Version = 2, Status = EncounterStatus.Triaged });
        await hub.Publish(
            match with
            {
                Version = 4,
                Status = EncounterStatus.LeftBeforeSeen,
                RuleVersion = "2026.12",
                Place = hub.Sealer.Seal(Hub.APlace),
            }
        );
        await Eventually.UntilAsync(() =>
            hub.Db(db => Task.FromResult(db.Alerts.Any(alert => alert.Id == claimed.Id() && alert.MatchVersion == 4)))
        );

        var alert = await council.Get($"/alerts/{claimed.Id()}");
        Assert.Equal(
            (2, "acknowledged", "amended", "encounter arrived → leftBeforeSeen", "Duty desk"),
            (
                alert.GetProperty("version").GetInt32(),
                alert.Text("state"),
                alert.Text("news"),
                alert.Text("change"),
                alert.Text("settled", "by")
            )
        );
        await hub.Pass(TimeSpan.FromMilliseconds(200), () => receiver.Received.Count == 2);
        Assert.Equal(["alert.raised.v1", "alert.amended.v1"], receiver.Received.Select(hook => hook.Type));
    }

    [Theory]
    [InlineData(false, null, "rules", "Given name: the same.", 1)]
    [InlineData(true, null, "rules", "Given name: the same.", 2)]
    [InlineData(false, MatchDecider.Reviewer, "reviewer", "A reviewer decided.", 2)]
    public async Task An_alert_keeps_its_reasons_until_others_are_given(
        bool finished,
        MatchDecider? by,
        string decidedBy,
        string last,
        int version
    )
    {
        var council = hub.ACouncil();
        var match = hub.AMatch(council);
        await hub.Publish(match);
        var id = (await council.Alert(_ => true)).Id();

        await hub.Publish(
            match with
            {
                Version = 2,
                Status = finished ? EncounterStatus.Finished : match.Status,
                Place = hub.Sealer.Seal(Hub.APlace),
                Why = by is null ? null : ["A reviewer decided."],
                DecidedBy = by,
            }
        );
        await Eventually.UntilAsync(() =>
            hub.Db(db => Task.FromResult(db.Alerts.Any(alert => alert.Id == id && alert.MatchVersion == 2)))
        );

        var alert = await council.Get($"/alerts/{id}");
        Assert.Equal(
            (decidedBy, last, version),
            (
                alert.Text("match", "decidedBy"),
                alert.GetProperty("match").GetProperty("why").EnumerateArray().Last().GetString(),
                alert.GetProperty("version").GetInt32()
            )
        );
    }

    private static MatchWithdrawn Withdrawal(EncounterMatched match, long version) =>
        new(match.EncounterId, match.CouncilCode, version, WithdrawalReason.PlanDeleted);

    private async Task<Guid> IdOf(EncounterMatched match) =>
        (
            await Eventually.UntilAsync(
                () =>
                    hub.Db(db =>
                        Task.FromResult(db.Alerts.SingleOrDefault(alert => alert.EncounterId == match.EncounterId))
                    ),
                alert => alert is not null
            )
        )!.Id;

    private Task<string> StateIs(Guid alertId, string state) =>
        Eventually.UntilAsync(
            () => hub.Db(db => Task.FromResult(db.Alerts.Single(alert => alert.Id == alertId).State.ToString())),
            now => now == state
        );

    private static Task<HttpResponseMessage> Switch(Desk council, Receiver receiver, bool on) =>
        council.Http.PutAsJsonAsync("/subscriptions/case-system", new { url = receiver.Url, enabled = on });
}
