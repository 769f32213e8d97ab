using Microsoft.EntityFrameworkCore;
using Safeguarding.Contracts.Matches;
using Safeguarding.Notification.Domain.Alerts;
using Safeguarding.Notification.Domain.Escalation;
using Safeguarding.TestKit;

namespace Safeguarding.Notification.Tests;

/// <summary>
/// Steps are taken once, by whichever replica is there, and stop everywhere when somebody takes the alert
/// anywhere.
/// </summary>
public sealed class Escalation_steps(HubWithClock hub) : IClassFixture<HubWithClock>
{
    [Fact]
    public async Task Two_replicas_take_each_step_once()
    {
        await using var second = await Receiver.StartAsync();
        await using var replica = await hub.StartReplica();
        var council = hub.ACouncil();
        await Climb(council, ("second", second));
        await hub.Publish([.. Enumerable.Range(0, 150).Select(_ => hub.AMatch(council))]);
        await Eventually.UntilAsync(() =>
            hub.Db(db => Task.FromResult(db.Alerts.Count(alert => alert.CouncilCode == council.Code) == 150))
        );

        hub.Clock.Advance(TimeSpan.FromMinutes(31));
        await Eventually.UntilAsync(async () =>
        {
            await Hub.FinishCalls(hub.Service);
            await Hub.FinishCalls(replica);
            hub.Clock.Advance(TimeSpan.FromMilliseconds(500));
            return await hub.Db(db =>
                Task.FromResult(
                    db.EscalationSteps.Count(step =>
                        step.CouncilCode == council.Code && step.State == EscalationState.Sent
                    ) == 300
                )
            );
        });
        // An attempt that ran out of its time is made again.
        await hub.Pass(TimeSpan.FromSeconds(1), () =>
            second.Received.Select(hook => hook.Id).Distinct().Count() >= 150
        );

        Assert.Equal(150, second.Received.Select(hook => hook.Id).Distinct().Count());
        Assert.Equal(
            150,
            await hub.Db(db => Task.FromResult(db.Deliveries.Count(delivery => delivery.CouncilCode == council.Code)))
        );
        Assert.Equal(
            150,
            await hub.Db(db =>
                Task.FromResult(
                    db.AlertEntries.Count(entry =>
                        entry.EventType == AlertEventType.Escalated
                        && db.Alerts.Any(alert => alert.Id == entry.AlertId && alert.CouncilCode == council.Code)
                    )
                )
            )
        );
    }

    [Fact]
    public async Task The_schedule_outlives_the_process_that_made_it()
    {
        await using var second = await Receiver.StartAsync();
        var council = hub.ACouncil();
        await Climb(council, ("second", second));
        Guid alert;
        await using (var replica = await hub.StartReplica())
        {
            await hub.Publish(hub.AMatch(council));
            alert = (await council.Alert(_ => true)).Id();
        }

        hub.Clock.Advance(TimeSpan.FromMinutes(40));
        await hub.Pass(TimeSpan.FromMilliseconds(500), () => second.Received.Count == 1);

        Assert.Contains("escalated", await council.Deeds(await council.Get($"/alerts/{alert}")));
    }

    [Fact]
    public async Task The_steps_of_an_alert_that_a_clock_running_ahead_has_opened_come_in_their_time()
    {
        await using var second = await Receiver.StartAsync();
        var council = hub.ACouncil();
        await Climb(council, ("second", second));
        await hub.Publish(hub.AMatch(council));
        var alert = (await council.Alert(_ => true)).Id();
        await hub.Db(async db =>
        {
            await db.Database.ExecuteSqlAsync(
                $"UPDATE notification.alert SET opened_at = opened_at + interval '25 hours', overdue_at = overdue_at + interval '25 hours' WHERE id = {alert}"
            );
            return await db.Database.ExecuteSqlAsync(
                $"UPDATE notification.escalation_step SET due_at = due_at + interval '25 hours' WHERE alert_id = {alert}"
            );
        });

        var half = hub.Clock.GetUtcNow().AddMinutes(31);
        await hub.Pass(TimeSpan.FromSeconds(10), () => second.Received.Count == 1 || hub.Clock.GetUtcNow() > half);

        // The clock stands; what is due by it may take a moment.
        Assert.Single(await second.AtLeast(1));
    }

    [Fact]
    public async Task An_acknowledgement_stops_the_steps_ahead_and_what_an_earlier_step_is_still_trying_to_send()
    {
        await using var second = await Receiver.StartAsync();
        await using var third = await Receiver.StartAsync();
        second.Answer = Receiver.Status(503);
        var council = hub.ACouncil();
        await Climb(council, ("second", second), ("third", third));
        await hub.Publish(hub.AMatch(council));
        var alert = await council.Alert(_ => true);
        hub.Clock.Advance(TimeSpan.FromMinutes(31));
        await hub.Pass(TimeSpan.FromMilliseconds(500), () => second.Received.Count >= 1);
        await council.Attempt(alert.Id(), "serverError");

        Assert.Equal(200, (await council.Post($"/alerts/{alert.Id()}/acknowledge")).Status);

        // An attempt under way is not called back.
        await Eventually.UntilAsync(() =>
            hub.Db(db =>
                Task.FromResult(
                    !db.Deliveries.Any(delivery => delivery.CouncilCode == council.Code && delivery.LeasedUntil != null)
                )
            )
        );
        var tried = second.Received.Count;
        for (var i = 0; i < 5; i++)
            hub.Clock.Advance(TimeSpan.FromMinutes(30));
        await hub.Publish(hub.AMatch(council));
        await council.Alert(other => other.Id() != alert.Id());
        var history = (await council.Get($"/alerts/{alert.Id()}/history"))
            .GetProperty("entries")
            .EnumerateArray()
            .Where(entry => entry.TryGetProperty("note", out _))
            .Select(entry => entry.Text("note"))
            .ToList();
        Assert.Contains("Step 1 after 30 minutes: second", history);
        Assert.Contains("Acknowledged: 1 step will not be taken.", history);
        Assert.Contains("Acknowledged: the escalation to it is no longer tried.", history);
        // The third desk may hear that the second's endpoint fails, but nothing of the alert.
        Assert.Equal(tried, second.Received.Count);
        Assert.DoesNotContain(third.Received, hook => hook.Type.StartsWith("alert.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_withdrawal_cancels_the_steps_ahead_and_the_history_says_so()
    {
        await using var second = await Receiver.StartAsync();
        var council = hub.ACouncil();
        await Climb(council, ("second", second));
        var match = hub.AMatch(council);
        await hub.Publish(match);
        var alert = await council.Alert(_ => true);

        await hub.Publish(
            new MatchWithdrawn(match.EncounterId, match.CouncilCode, 2, WithdrawalReason.UndoneByReviewer)
        );

        await council.Alert(known => known.Text("state") == "withdrawn");
        hub.Clock.Advance(TimeSpan.FromHours(2));
        await hub.Publish(hub.AMatch(council));
        await council.Alert(known => known.Id() != alert.Id());
        Assert.Empty(second.Received);
        var notes = (await council.Get($"/alerts/{alert.Id()}/history"))
            .GetProperty("entries")
            .EnumerateArray()
            .Where(entry => entry.Text("deed") == "escalationStopped")
            .Select(entry => entry.Text("note"));
        Assert.Equal(["Withdrawn: 1 step will not be taken."], notes);
    }

    [Fact]
    public async Task Whoever_a_step_notified_gets_amendments_and_a_reopened_alert_climbs_from_the_first_step()
    {
        await using var second = await Receiver.StartAsync();
        var council = hub.ACouncil();
        await Climb(council, ("second", second));
        var match = hub.AMatch(council);
        await hub.Publish(match);
        var alert = await council.Alert(_ => true);
        hub.Clock.Advance(TimeSpan.FromMinutes(31));
        await hub.Pass(TimeSpan.FromMilliseconds(500), () => second.Received.Count == 1);

        await hub.Publish(match with { Version = 2, Status = Contracts.Encounters.EncounterStatus.Finished });
        await hub.Pass(TimeSpan.FromMilliseconds(200), () => second.Received.Count == 2);
        await hub.Publish(
            new MatchWithdrawn(match.EncounterId, match.CouncilCode, 3, WithdrawalReason.UndoneByReviewer)
        );
        await hub.Pass(TimeSpan.FromMilliseconds(200), () => second.Received.Count == 3);
        await hub.Publish(match with { Version = 4 });
        await hub.Pass(TimeSpan.FromMilliseconds(200), () => second.Received.Count == 4);

        Assert.Equal(
            ["alert.raised.v1", "alert.amended.v1", "alert.withdrawn.v1", "alert.raised.v1"],
            second.Received.Select(hook => hook.Type)
        );
        Assert.Equal(
            [1, 4],
            await hub.Db(db =>
                Task.FromResult(
                    db.EscalationSteps.Where(step => step.AlertId == alert.Id() && step.Number == 1)
                        .OrderBy(step => step.Round)
                        .Select(step => step.Round)
                        .ToList()
                )
            )
        );
        Assert.Equal(alert.Id(), Assert.Single(await council.Alerts()).Id());
    }

    [Fact]
    public async Task Without_a_document_an_alert_is_overdue_after_fifteen_minutes_and_its_history_says_so()
    {
        var council = hub.ACouncil();
        await hub.Publish(hub.AMatch(council));
        var alert = await council.Alert(_ => true);
        Assert.Empty(await council.Alerts("?overdue=true"));

        hub.Clock.Advance(TimeSpan.FromMinutes(15));
        await hub.Pass(TimeSpan.FromMilliseconds(500), () =>
            council.Deeds(alert).GetAwaiter().GetResult().Contains("overdue")
        );

        Assert.Equal(alert.Id(), Assert.Single(await council.Alerts("?overdue=true")).Id());
        Assert.Empty(await council.Alerts("?overdue=false"));
    }

    [Fact]
    public async Task A_document_is_refused_by_field_kept_by_version_and_shows_what_leads_nowhere()
    {
        await using var second = await Receiver.StartAsync();
        var (council, stranger) = (hub.ACouncil(), hub.ACouncil());
        var path = $"/escalations/{council.Code}";
        Assert.Equal(0, (await council.Get(path)).GetProperty("version").GetInt32());

        var (status, body) = await council.Put(
            path,
            new { standard = new { steps = new[] { new { afterMinutes = 5, to = new[] { "second" } } } } }
        );
        Assert.Equal(400, status);
        Assert.Contains("standard.steps[0].to[0]", body, StringComparison.Ordinal);
        Assert.Equal(400, (await council.Put(path, new { standrad = new { } })).Status);
        await Climb(council, ("second", second));
        await council.Put(
            path,
            new { standard = new { steps = new[] { new { afterMinutes = 30, to = new[] { "second" } } } } }
        );
        await council.Http.DeleteAsync(
            new Uri("/subscriptions/second", UriKind.Relative),
            TestContext.Current.CancellationToken
        );

        var view = await council.Get(path);
        Assert.Equal(
            (1, "second"),
            (view.GetProperty("version").GetInt32(), view.GetProperty("missing")[0].GetString())
        );
        Assert.Equal(403, (await stranger.Put(path, new { })).Status);
        foreach (var others in new[] { path, "/escalations/E06999999" })
        {
            Assert.Equal(
                403,
                (int)
                    (
                        await stranger.Http.GetAsync(
                            new Uri(others, UriKind.Relative),
                            TestContext.Current.CancellationToken
                        )
                    ).StatusCode
            );
        }
    }

    /// <summary>A first line, and then one step each half hour.</summary>
    private static async Task Climb(Desk council, params (string Name, Receiver Receiver)[] steps)
    {
        foreach (var (name, receiver) in steps)
            await council.Subscribe(receiver.Url, name: name);
        Assert.Equal(
            200,
            (
                await council.Put(
                    $"/escalations/{council.Code}",
                    new
                    {
                        standard = new
                        {
                            steps = steps.Select(
                                (step, i) => new { afterMinutes = 30 * (i + 1), to = new[] { step.Name } }
                            ),
                        },
                    }
                )
            ).Status
        );
    }
}
