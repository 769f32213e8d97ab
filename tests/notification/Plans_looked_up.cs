using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Safeguarding.Contracts.Matches;
using Safeguarding.Contracts.Plans;
using Safeguarding.Notification.Domain.Alerts;
using Safeguarding.TestKit;

namespace Safeguarding.Notification.Tests;

/// <summary>A look-up in unscheduled care is told to the council, and the message says neither who nor where.</summary>
public sealed class Plans_looked_up(Hub hub) : IClassFixture<Hub>
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_joins_the_history_of_the_childs_open_alert_and_of_no_other()
    {
        var council = hub.ACouncil();
        var (open, settled, another) = (hub.AMatch(council), hub.AMatch(council), hub.AMatch(council));
        settled = settled with { Plans = open.Plans };
        await hub.Publish(open, settled, another);
        var alerts = await Eventually.UntilAsync(() => council.Alerts("?limit=10"), all => all.Count == 3);
        await council.Post($"/alerts/{Of(settled).Id()}/acknowledge", new { kind = "person", name = "A. Worker" });

        await hub.Publish(
            new PlanLookedUp(
                Guid.CreateVersion7(),
                council.Code,
                [open.Plans[0].PlanId],
                TimeProvider.System.GetUtcNow(),
                "RXX",
                "clinician-unscheduled"
            )
        );

        await Eventually.UntilAsync(() => council.Deeds(Of(open)), deeds => deeds[^1] == "lookedUp");
        Assert.Equal(
            ["RXX clinician-unscheduled"],
            await hub.Db(db =>
                db.AlertEntries.Where(entry => entry.EventType == AlertEventType.LookedUp)
                    .Where(entry =>
                        db.Alerts.Any(alert => alert.Id == entry.AlertId && alert.CouncilCode == council.Code)
                    )
                    .Select(entry => entry.Note)
                    .ToListAsync(Cancelled)
            )
        );

        JsonElement Of(EncounterMatched match) =>
            alerts.First(alert => alert.Text("encounter", "id") == match.EncounterId.ToString());
    }

    [Theory]
    [InlineData("RXX", "clinician-unscheduled")]
    [InlineData(null, null)]
    public async Task The_council_and_by_night_its_duty_team_are_notified_and_nobody_else(
        string? organisation,
        string? role
    )
    {
        await using var desk = await Receiver.StartAsync();
        await using var team = await Receiver.StartAsync();
        await using var stranger = await Receiver.StartAsync();
        var (council, other) = (hub.ACouncil(), hub.ACouncil());
        await other.Subscribe(stranger.Url);
        await PutAsync("subscriptions/desk", new { url = desk.Url });
        await PutAsync("subscriptions/team", new { url = team.Url, standby = true });
        await PutAsync($"escalations/{council.Code}", new { desks = new { emergencyDutyTeam = new[] { "team" } } });
        await hub.Publish(Hub.AContact(council.Code) with { OfficeHours = [], BankHolidays = [.. Days()] });
        var lookup = new PlanLookedUp(
            Guid.CreateVersion7(),
            council.Code,
            [Guid.CreateVersion7()],
            TimeProvider.System.GetUtcNow(),
            organisation,
            role
        );

        await hub.Publish(lookup);
        var hooks = new[] { (await desk.AtLeast(1))[0], (await team.AtLeast(1))[0] };

        foreach (var hook in hooks)
        {
            Assert.Equal("plan.looked-up.v1", hook.Type);
            var body = JsonDocument.Parse(hook.Body).RootElement;
            Assert.Equal(
                $$"""{"lookupId":"{{lookup.LookupId}}","councilCode":"{{council.Code}}"}""",
                body.GetProperty("data").GetRawText()
            );
            // Of a restricted child no time finer than the day leaves the hub.
            Assert.Equal(organisation is null, body.GetProperty("time").GetDateTimeOffset().TimeOfDay == TimeSpan.Zero);
        }

        Assert.Empty(stranger.Received);

        async Task PutAsync(string path, object body) =>
            Assert.True(
                (
                    await council.Http.PutAsJsonAsync(new Uri($"/{path}", UriKind.Relative), body, Cancelled)
                ).IsSuccessStatusCode,
                path
            );

        static IEnumerable<DateOnly> Days() =>
            Enumerable
                .Range(-2, 5)
                .Select(day => DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime).AddDays(day));
    }
}
