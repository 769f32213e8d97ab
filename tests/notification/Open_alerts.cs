using Microsoft.EntityFrameworkCore;
using Safeguarding.Contracts.Encounters;
using Safeguarding.TestKit;

namespace Safeguarding.Notification.Tests;

/// <summary>The list of a desk that people look at.</summary>
public sealed class Open_alerts(HubWithClock hub) : IClassFixture<HubWithClock>
{
    [Fact]
    public async Task The_gravest_come_first_and_the_oldest_of_those_page_by_page()
    {
        var (council, another) = (hub.ACouncil(), hub.ACouncil());
        await hub.Publish(hub.AMatch(another));
        await another.Alert(_ => true);
        await hub.Publish([.. Enumerable.Range(0, 7).Select(_ => hub.AMatch(council))]);
        var raised = await Eventually.UntilAsync(() => council.Alerts(), alerts => alerts.Count == 7);
        // As the council's rules would have graded them: two urgent, one high.
        var byAge = raised.OrderBy(alert => alert.GetProperty("raisedAt").GetDateTimeOffset()).ThenBy(a => a.Id());
        Guid[] ids = [.. byAge.Select(alert => alert.Id())];
        await GradeAsync("Urgent", ids[2], ids[5]);
        await GradeAsync("High", ids[3]);
        await council.Post($"/alerts/{ids[0]}/acknowledge");

        List<Guid> seen = [];
        for (Guid? after = null; ; )
        {
            var page = await council.Get($"/alerts/open?limit=2{(after is null ? "" : $"&after={after}")}");
            seen.AddRange(page.GetProperty("alerts").EnumerateArray().Select(alert => alert.Id()));
            if (!page.TryGetProperty("after", out var next))
                break;
            after = next.GetGuid();
        }

        Assert.Equal([ids[2], ids[5], ids[3], ids[1], ids[4], ids[6]], seen);
        Assert.Equal([ids[2], ids[5]], await ListAsync(council, "grade=urgent"));
        Assert.Equal([ids[3]], await ListAsync(council, "grade=high&planKind=childProtection"));
        Assert.Empty(await ListAsync(council, "planKind=lookedAfter"));
    }

    [Fact]
    public async Task The_mark_is_another_one_whenever_an_open_alert_comes_changes_or_goes()
    {
        var council = hub.ACouncil();
        var marks = new List<string> { await MarkAsync(council) };
        var match = hub.AMatch(council);
        await hub.Publish(match);
        var alert = await council.Alert(_ => true);
        marks.Add(await MarkAsync(council));
        Assert.Equal(marks[1], await MarkAsync(council));
        await hub.Publish(match with { Version = match.Version + 1, Status = EncounterStatus.Finished });
        await council.Alert(one => one.GetProperty("version").GetInt64() > alert.GetProperty("version").GetInt64());
        marks.Add(await MarkAsync(council));
        await council.Post(
            $"/alerts/{alert.Id()}/hand-over",
            new
            {
                to = "emergencyDutyTeam",
                kind = "person",
                name = "A. Worker",
            }
        );
        marks.Add(await MarkAsync(council));
        await council.Post($"/alerts/{alert.Id()}/acknowledge");
        marks.Add(await MarkAsync(council));

        Assert.Equal(marks[..4], marks.Distinct());
        Assert.Equal(marks[0], marks[4]);
    }

    [Fact]
    public async Task Only_what_nobody_has_settled_in_time_is_overdue_in_the_list_and_in_the_count()
    {
        var council = hub.ACouncil();
        Assert.Equal((0, 0), await CountAsync(council));
        await hub.Publish(hub.AMatch(council), hub.AMatch(council));
        var (settled, late) = (await council.ClaimOne(), await council.ClaimOne());
        await council.Post($"/alerts/{settled.Id()}/acknowledge");
        hub.Clock.Advance(TimeSpan.FromMinutes(16));
        await hub.Publish(hub.AMatch(council));
        await Eventually.UntilAsync(() => CountAsync(council), count => count == (2, 1));

        var overdue = await council.Get("/alerts/open?overdue=true");

        Assert.Equal(late.Id(), Assert.Single(overdue.GetProperty("alerts").EnumerateArray()).Id());
    }

    [Theory]
    [InlineData("limit=0", "limit-out-of-range")]
    [InlineData("limit=201", "limit-out-of-range")]
    [InlineData("grade=worst", "grade-unknown")]
    [InlineData("planKind=child-protection", "planKind-unknown")]
    [InlineData("after=01a00000-0000-7000-8000-000000000001", "after-unknown")]
    public async Task What_no_page_said_is_refused(string query, string code)
    {
        using var answer = await hub.ACouncil()
            .Http.GetAsync(new Uri($"/alerts/open?{query}", UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.Equal((400, code), ((int)answer.StatusCode, (await Desk.Json(answer)).Text("code")));
    }

    [Fact]
    public async Task Another_councils_alert_is_no_place_to_go_on_from()
    {
        var another = hub.ACouncil();
        await hub.Publish(hub.AMatch(another));
        var alert = await another.Alert(_ => true);

        using var answer = await hub.ACouncil()
            .Http.GetAsync(
                new Uri($"/alerts/open?after={alert.Id()}", UriKind.Relative),
                TestContext.Current.CancellationToken
            );

        Assert.Equal((400, "after-unknown"), ((int)answer.StatusCode, (await Desk.Json(answer)).Text("code")));
    }

    private Task<int> GradeAsync(string grade, params Guid[] alerts) =>
        hub.Db(db =>
            db.Database.ExecuteSqlAsync($"UPDATE notification.alert SET grade = {grade} WHERE id = ANY({alerts})")
        );

    private static async Task<Guid[]> ListAsync(Desk council, string query) =>
        [
            .. (await council.Get($"/alerts/open?{query}"))
                .GetProperty("alerts")
                .EnumerateArray()
                .Select(alert => alert.Id()),
        ];

    private static async Task<string> MarkAsync(Desk council) =>
        (await council.Get("/alerts/open/count")).GetProperty("mark").GetString()!;

    private static async Task<(int Open, int Overdue)> CountAsync(Desk council)
    {
        var count = await council.Get("/alerts/open/count");
        return (count.GetProperty("open").GetInt32(), count.GetProperty("overdue").GetInt32());
    }
}
