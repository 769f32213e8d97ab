using System.Text.Json;
using Safeguarding.Contracts.Encounters;
using Safeguarding.Contracts.Matches;
using Safeguarding.Notification.Domain.Grouping;
using Safeguarding.TestKit;

namespace Safeguarding.Notification.Tests;

/// <summary>
/// Repeat attendances of one child, as the council's rules have them: fewer alerts, and never a lost
/// attendance.
/// </summary>
public sealed class Repeat_attendances(HubWithClock hub) : IClassFixture<HubWithClock>
{
    private static readonly Place Elsewhere = Hub.APlace with { SiteOds = "RYJ02", SiteName = "St Otherwise" };

    [Fact]
    public async Task Without_rules_each_encounter_is_an_alert_and_says_how_often_the_child_was_seen()
    {
        var council = hub.ACouncil();
        var first = hub.AMatch(council);
        await hub.Publish(first);
        await council.Alert(_ => true);

        await hub.Publish(Again(first, minutes: 5, at: Elsewhere));

        var second = await council.Alert(alert => Encounter(alert) != first.EncounterId);
        Assert.Equal(2, (await council.Alerts()).Count);
        var attendances = second.GetProperty("attendances");
        Assert.Equal(
            (1, 2, 2, true),
            (
                attendances.GetProperty("inThisAlert").GetInt32(),
                attendances.GetProperty("last12Months").GetInt32(),
                attendances.GetProperty("sites").GetInt32(),
                attendances.GetProperty("atDifferentSites").GetBoolean()
            )
        );
        Assert.EndsWith(
            "2 attendances in 12 months, at 2 different sites.",
            second.Text("summary"),
            StringComparison.Ordinal
        );
        Assert.Equal("standard", second.Text("grade"));
    }

    [Fact]
    public async Task Within_the_window_they_are_one_alert_with_a_count_that_shows_every_one_of_them()
    {
        await using var receiver = await Receiver.StartAsync();
        var council = await Grouping();
        await council.Subscribe(receiver.Url, "full");
        var first = hub.AMatch(council);
        await hub.Publish(first);
        await receiver.AtLeast(1);

        var second = Again(first, minutes: 30, at: Elsewhere);
        await hub.Publish(second);
        await hub.Pass(TimeSpan.FromMilliseconds(200), () => receiver.Received.Count >= 2);
        await hub.Publish(second);

        var alert = Assert.Single(await council.Alerts());
        Assert.Equal(
            (2, "amended", "another attendance: 2 in this alert"),
            (alert.GetProperty("version").GetInt32(), alert.Text("news"), alert.Text("change"))
        );
        Assert.Equal((second.EncounterId, "St Otherwise"), (Encounter(alert), alert.Text("where", "siteName")));
        var earlier = alert.GetProperty("attendances").GetProperty("earlier")[0];
        Assert.Equal(
            (first.EncounterId.ToString(), "St Elsewhere"),
            (earlier.Text("encounter", "id"), earlier.Text("where", "siteName"))
        );
        Assert.Contains(
            "2 attendances are in this alert, by the council's rules.",
            alert.Text("summary"),
            StringComparison.Ordinal
        );
        var told = receiver.Received[1].Event.GetProperty("data");
        Assert.Equal(
            (alert.Id(), 2),
            (told.Id(), told.GetProperty("attendances").GetProperty("inThisAlert").GetInt32())
        );
        Assert.Contains("St Elsewhere", told.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_that_arrive_at_two_replicas_at_once_are_one_alert_and_none_is_lost()
    {
        await using var replica = await hub.StartReplica();
        var council = await Grouping();
        var first = hub.AMatch(council);
        var others = Enumerable.Range(1, 11).Select(minutes => Again(first, minutes)).ToList();

        await Task.WhenAll([
            hub.Publish(first),
            hub.Publish([.. others[..4]]),
            .. others[4..].Select(match => hub.Publish(match)),
            hub.Publish([.. others[2..8]]),
        ]);

        var alert = await council.Alert(alert =>
            alert.GetProperty("attendances").GetProperty("inThisAlert").GetInt32() == 12
        );
        Assert.Single(await council.Alerts());
        var seen = alert
            .GetProperty("attendances")
            .GetProperty("earlier")
            .EnumerateArray()
            .Select(Encounter)
            .Append(Encounter(alert))
            .Order();
        Assert.Equal(others.Append(first).Select(match => match.EncounterId).Order(), seen);
        Assert.Equal(12, alert.GetProperty("attendances").GetProperty("last12Months").GetInt32());
    }

    [Fact]
    public async Task Taking_one_back_lowers_the_count_and_the_last_one_withdraws_the_alert()
    {
        await using var receiver = await Receiver.StartAsync();
        var council = await Grouping();
        await council.Subscribe(receiver.Url);
        var first = hub.AMatch(council);
        var second = Again(first, minutes: 30, at: Elsewhere);
        await hub.Publish(first);
        await council.Alert(_ => true);
        await hub.Publish(second);
        await council.Alert(alert => Count(alert) == 2);

        await hub.Publish(TakenBack(first, 2));
        var alert = await council.Alert(alert => Count(alert) == 1);
        Assert.Equal(
            ("amended", "an attendance was taken back (EncounterEnteredInError): 1 in this alert"),
            (alert.Text("news"), alert.Text("change"))
        );
        Assert.Equal(
            (second.EncounterId, 1),
            (Encounter(alert), alert.GetProperty("attendances").GetProperty("last12Months").GetInt32())
        );
        Assert.DoesNotContain("St Elsewhere", alert.GetRawText(), StringComparison.Ordinal);

        await hub.Publish(first);
        await hub.Publish(TakenBack(second, 5));
        await hub.Publish(second with { Version = 4 });
        var withdrawn = await council.Alert(alert => alert.Text("state") == "withdrawn");
        Assert.Equal(alert.Id(), withdrawn.Id());
        await hub.Pass(TimeSpan.FromMilliseconds(200), () => receiver.Received.Count >= 4);
        Assert.Equal("alert.withdrawn.v1", receiver.Received[^1].Type);

        // The first returns for itself: its alert keeps its id. The second is then another alert's or its own, but
        // never lost.
        await hub.Publish(second with { Version = 6 });
        await council.Alert(alert => alert.Text("state") != "withdrawn" && Encounter(alert) == second.EncounterId);
        await hub.Publish(first with { Version = 3 });
        await council.Alert(known =>
            known.Id() == alert.Id() && known.Text("state") != "withdrawn" && Encounter(known) == first.EncounterId
        );
        Assert.Equal(2, (await council.Alerts()).Count);
    }

    [Theory]
    [InlineData("newAlert", 2, "acknowledged")]
    [InlineData("reopen", 1, "raised")]
    public async Task One_after_an_acknowledgement_is_never_quiet(string rule, int alerts, string state)
    {
        var council = await Grouping(rule);
        var first = hub.AMatch(council);
        await hub.Publish(first);
        var alert = await council.ClaimOne();
        await council.Post($"/alerts/{alert.Id()}/acknowledge");

        var second = Again(first, minutes: 30);
        await hub.Publish(second);

        Assert.Equal(second.EncounterId, Encounter(await council.ClaimOne()));
        Assert.Equal(alerts, (await council.Alerts()).Count);
        Assert.Equal(state, (await council.Get($"/alerts/{alert.Id()}")).Text("state"));
    }

    [Fact]
    public async Task An_answer_to_the_version_before_it_does_not_answer_for_it()
    {
        var council = await Grouping();
        var first = hub.AMatch(council);
        await hub.Publish(first);
        var alert = await council.ClaimOne();
        await hub.Publish(Again(first, minutes: 30));
        await council.Alert(known => Count(known) == 2);

        Assert.Equal(409, (await council.Post($"/alerts/{alert.Id()}/refuse", new { reason = "notOurs" })).Status);
        var (status, standing) = await council.Post($"/alerts/{alert.Id()}/acknowledge");

        Assert.Equal((200, "raised"), (status, standing.Text("state")));
        var again = await council.ClaimOne();
        Assert.Equal((alert.Id(), 2), (again.Id(), again.GetProperty("version").GetInt32()));
        Assert.Equal("acknowledged", (await council.Post($"/alerts/{alert.Id()}/acknowledge")).Body.Text("state"));
    }

    [Fact]
    public async Task A_refused_alert_is_joined_by_nothing_and_another_child_nor_another_window_joins_none()
    {
        var council = await Grouping();
        var first = hub.AMatch(council);
        await hub.Publish(first);
        var alert = await council.ClaimOne();
        await council.Post($"/alerts/{alert.Id()}/refuse", new { reason = "wrongChild" });

        await hub.Publish(Again(first, minutes: 30));
        await hub.Publish(Again(first, minutes: 25 * 60 + 31));
        await hub.Publish(hub.AMatch(council));

        await Eventually.UntilAsync(() => council.Alerts(), alerts => alerts.Count == 4);
    }

    [Fact]
    public async Task A_pattern_raises_the_grade_says_so_and_begins_the_steps_of_the_higher_grade()
    {
        await using var manager = await Receiver.StartAsync();
        var council = hub.ACouncil();
        await council.Subscribe(manager.Url, name: "manager");
        await council.Put(
            $"/escalations/{council.Code}",
            new
            {
                standard = new { steps = new[] { new { afterMinutes = 600, to = new[] { "manager" } } } },
                urgent = new
                {
                    overdueAfterMinutes = 1,
                    steps = new[] { new { afterMinutes = 0, to = new[] { "manager" } } },
                },
            }
        );
        Assert.Equal(
            200,
            (
                await council.Put(
                    "/rules",
                    new
                    {
                        grouping = new { windowHours = 24 },
                        patterns = new[]
                        {
                            new
                            {
                                name = "left-twice",
                                days = 7,
                                leftBeforeSeen = 2,
                                grade = "urgent",
                            },
                        },
                    }
                )
            ).Status
        );
        var first = hub.AMatch(council) with { Status = EncounterStatus.LeftBeforeSeen };
        await hub.Publish(first);
        await council.Alert(alert => alert.Text("grade") == "standard");
        var second = Again(first, minutes: 60) with { Status = EncounterStatus.Arrived };
        await hub.Publish(second);
        await council.Alert(alert => Count(alert) == 2);
        Assert.Empty(manager.Received);

        await hub.Publish(second with { Version = 2, Status = EncounterStatus.LeftBeforeSeen });

        var alert = await council.Alert(alert => alert.Text("grade") == "urgent");
        Assert.Equal(
            "left-twice: attendances 2, sites 1, left before being seen 2, days 7",
            alert.GetProperty("gradeBecause")[0].GetString()
        );
        Assert.Equal(1, alert.GetProperty("attendances").GetProperty("rules").GetInt64());
        await hub.Pass(TimeSpan.FromMilliseconds(500), () => manager.Received.Count == 1);
    }

    [Fact]
    public async Task Rules_are_kept_by_version_and_tried_before_they_hold()
    {
        var council = hub.ACouncil();
        var first = hub.AMatch(council);
        var second = Again(first, minutes: 30);
        await hub.Publish(first);
        await hub.Publish(second);
        await Eventually.UntilAsync(() => council.Alerts(), alerts => alerts.Count == 2);
        var rules = new
        {
            grouping = new { windowHours = 24 },
            patterns = new[]
            {
                new
                {
                    name = "twice",
                    days = 7,
                    attendances = 2,
                    grade = "high",
                },
            },
        };

        var (status, tried) = await council.Post("/rules/dry-run", rules);

        Assert.Equal(200, status);
        Assert.Equal(
            (2, 2, 1, 1),
            (
                tried.GetProperty("attendances").GetInt32(),
                Number(tried, "were", "alerts"),
                Number(tried, "wouldBe", "alerts"),
                Number(tried, "wouldBe", "high")
            )
        );
        Assert.Equal(2, tried.GetProperty("changeCount").GetInt32());
        var change = tried.GetProperty("changes")[1];
        Assert.Equal(
            (second.EncounterId, first.EncounterId, "high"),
            (
                change.GetProperty("encounterId").GetGuid(),
                change.GetProperty("with").GetGuid(),
                change.Text("wouldBeGrade")
            )
        );
        Assert.Equal(0, (await council.Get("/rules")).GetProperty("version").GetInt32());
        Assert.Equal(2, (await council.Alerts()).Count);

        Assert.Equal(400, (await council.Put("/rules", new { grouping = new { windowHours = 0 } })).Status);
        Assert.Equal(
            400,
            (await council.Post("/rules/dry-run", new { patterns = new[] { new { name = "x" } } })).Status
        );
        await council.Put("/rules", rules);
        await council.Put("/rules", rules);
        await council.Put("/rules", new { });
        Assert.Equal(2, (await council.Get("/rules")).GetProperty("version").GetInt32());
        Assert.Equal(
            24,
            (await council.Get("/rules?version=1"))
                .GetProperty("rules")
                .GetProperty("grouping")
                .GetProperty("windowHours")
                .GetInt32()
        );
        Assert.Equal(
            404,
            (int)
                (
                    await council.Http.GetAsync(
                        new Uri("/rules?version=3", UriKind.Relative),
                        TestContext.Current.CancellationToken
                    )
                ).StatusCode
        );
        Assert.Equal(0, (await hub.ACouncil().Get("/rules")).GetProperty("version").GetInt32());
    }

    [Fact]
    public async Task Nothing_of_where_a_child_was_is_readable_beside_its_plan()
    {
        var council = hub.ACouncil();
        await hub.Publish(hub.AMatch(council));
        await council.Alert(_ => true);

        var row = await hub.Db(db =>
            Task.FromResult(db.PlanAttendances.Single(row => row.CouncilCode == council.Code))
        );

        Assert.DoesNotContain("RYJ", System.Text.Encoding.Latin1.GetString(row.SiteValue), StringComparison.Ordinal);
        Assert.Equal("RYJ01", hub.Sealer.Open(new Contracts.Sealed<AttendedSite>(row.SiteKeyId, row.SiteValue)).Ods);
    }

    private async Task<Desk> Grouping(string? afterAcknowledgement = null)
    {
        var council = hub.ACouncil();
        Assert.Equal(
            200,
            (await council.Put("/rules", new { grouping = new { windowHours = 24, afterAcknowledgement } })).Status
        );
        return council;
    }

    private EncounterMatched Again(EncounterMatched match, int minutes, Place? at = null) =>
        match with
        {
            EncounterId = Guid.CreateVersion7(),
            Version = 1,
            StartedAt = match.StartedAt?.AddMinutes(minutes),
            Place = hub.Sealer.Seal(at ?? Hub.APlace),
        };

    private static MatchWithdrawn TakenBack(EncounterMatched match, long version) =>
        new(match.EncounterId, match.CouncilCode, version, WithdrawalReason.EncounterEnteredInError);

    private static Guid Encounter(JsonElement alert) => alert.GetProperty("encounter").GetProperty("id").GetGuid();

    private static int Count(JsonElement alert) =>
        alert.TryGetProperty("attendances", out var attendances)
            ? attendances.GetProperty("inThisAlert").GetInt32()
            : 0;

    private static int Number(JsonElement json, string part, string name) =>
        json.GetProperty(part).GetProperty(name).GetInt32();
}
