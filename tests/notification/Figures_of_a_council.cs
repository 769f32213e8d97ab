using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Safeguarding.Contracts.Matches;
using Safeguarding.Hosting.Privacy;
using Safeguarding.TestKit;

namespace Safeguarding.Notification.Tests;

/// <summary>Alerts in numbers that may be passed on.</summary>
public sealed class Figures_of_a_council(HubWithClock hub) : IClassFixture<HubWithClock>
{
    [Theory]
    [InlineData("0,7,12", "0,7,12")]
    [InlineData("3,7,12", "-,-,12")]
    [InlineData("3,2,12", "-,-,12")]
    [InlineData("4,0,0", "-,0,0")]
    [InlineData("1,5,5", "-,-,5")]
    [InlineData("5,5", "5,5")]
    public void A_small_part_of_a_total_takes_another_part_with_it(string counts, string shown) =>
        Assert.Equal(
            shown,
            string.Join(
                ',',
                SmallNumbers
                    .HideParts([.. counts.Split(',').Select(int.Parse)])
                    .Select(count => $"{count}" is "" ? "-" : $"{count}")
            )
        );

    [Fact]
    public async Task A_week_says_what_was_raised_and_what_became_of_it_and_nothing_smaller_than_five()
    {
        var (council, another) = (hub.ACouncil(), hub.ACouncil());
        await hub.Publish(hub.AMatch(another));
        await hub.Publish([.. Enumerable.Range(0, 16).Select(_ => hub.AMatch(council))]);
        var raised = await Eventually.UntilAsync(() => council.Alerts(), alerts => alerts.Count == 16);
        Guid[] ids = [.. raised.Select(alert => alert.Id())];
        await GradeAsync("Urgent", ids[..2]);
        await GradeAsync("High", ids[2..8]);
        hub.Clock.Advance(TimeSpan.FromMinutes(10));
        foreach (var id in ids[..9])
            await council.Post($"/alerts/{id}/acknowledge");

        var figures = await council.Get("/alerts/figures?weeks=2");

        Assert.Equal(2, figures.GetProperty("weeks").GetArrayLength());
        // At midnight on a Sunday the alerts of this test are last week's.
        var week = figures.GetProperty("weeks").EnumerateArray().Single(one => Number(one, "raised") > 0);
        Assert.Equal(
            (16, null, null, 8, 9, 7),
            (
                Number(week, "raised"),
                Number(week, "urgent"),
                Number(week, "high"),
                Number(week, "standard"),
                Number(week, "acknowledged"),
                Number(week, "open")
            )
        );
        Assert.InRange(week.GetProperty("medianMinutes").GetDouble(), 9, 11);
        var setting = Assert.Single(figures.GetProperty("settings").EnumerateArray());
        Assert.Equal(("emergencyDepartment", 16), (setting.Text("setting"), Number(setting, "alerts")));
        Assert.Equal(9, Number(figures.GetProperty("answer"), "settled"));
    }

    [Fact]
    public async Task Where_restricted_children_were_is_not_counted_by_setting()
    {
        var council = hub.ACouncil();
        await hub.Publish([
            .. Enumerable.Range(0, 6).Select(_ => hub.AMatch(council)),
            .. Enumerable.Range(0, 6).Select(_ => Restricted(hub.AMatch(council))),
        ]);
        await Eventually.UntilAsync(() => council.Alerts(), alerts => alerts.Count == 12);

        var settings = (await council.Get("/alerts/figures")).GetProperty("settings").EnumerateArray().ToList();

        Assert.Equal(6, Number(settings.Single(one => one.TryGetProperty("setting", out _)), "alerts"));
        Assert.Equal(6, Number(settings.Single(one => !one.TryGetProperty("setting", out _)), "alerts"));
    }

    [Theory]
    [InlineData("weeks=0")]
    [InlineData("weeks=54")]
    public async Task More_weeks_than_a_year_has_are_refused(string query)
    {
        using var answer = await hub.ACouncil()
            .Http.GetAsync(
                new Uri($"/alerts/figures?{query}", UriKind.Relative),
                TestContext.Current.CancellationToken
            );

        Assert.Equal((400, "weeks-out-of-range"), ((int)answer.StatusCode, (await Desk.Json(answer)).Text("code")));
    }

    private Task<int> GradeAsync(string grade, Guid[] alerts) =>
        hub.Db(db =>
            db.Database.ExecuteSqlAsync($"UPDATE notification.alert SET grade = {grade} WHERE id = ANY({alerts})")
        );

    private static EncounterMatched Restricted(EncounterMatched match) =>
        match with
        {
            Plans = [match.Plans[0] with { Restriction = PlanRestriction.ByCouncil }],
        };

    private static int? Number(JsonElement of, string name) =>
        of.TryGetProperty(name, out var number) ? number.GetInt32() : null;
}
