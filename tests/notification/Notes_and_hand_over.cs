using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Safeguarding.Contracts.Matches;
using Safeguarding.Notification.Domain.Escalation;
using Safeguarding.TestKit;

namespace Safeguarding.Notification.Tests;

/// <summary>What the people of a council write to each other about an alert.</summary>
public sealed class Notes_and_hand_over(Hub hub) : IClassFixture<Hub>
{
    private const string Text = "Grandmother has collected the child";

    [Fact]
    public async Task A_note_is_a_line_of_the_history_once_and_is_sealed()
    {
        var council = hub.ACouncil();
        await hub.Publish(hub.AMatch(council));
        var alert = await council.Alert(_ => true);
        var note = new
        {
            text = $" {Text} ",
            kind = "person",
            name = "Duty social worker 14",
        };

        var (status, written) = await council.Post($"/alerts/{alert.Id()}/notes", note);
        await council.Post($"/alerts/{alert.Id()}/notes", note);

        Assert.Equal((200, Text), (status, written.Text("text")));
        var line = Assert.Single(await Lines(council, alert, "noted"));
        Assert.Equal((Text, "Duty social worker 14"), (line.Text("note"), line.Text("by")));
        Assert.Equal("raised", (await council.Get($"/alerts/{alert.Id()}")).Text("state"));
        var stored = await hub.Db(db =>
            db.Database.SqlQuery<string>(
                    $"SELECT note AS \"Value\" FROM notification.alert_entry WHERE alert_id = {alert.Id()} AND deed = 'Noted'"
                )
                .SingleAsync(TestContext.Current.CancellationToken)
        );
        Assert.StartsWith("sealed:", stored, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("colleague", "Duty social worker 7", "To Duty social worker 7. " + Text)]
    [InlineData("emergencyDutyTeam", null, "To the emergency duty team. " + Text)]
    public async Task A_hand_over_shows_in_alert_and_history_and_leaves_the_alert_open(
        string to,
        string? colleague,
        string line
    )
    {
        var council = hub.ACouncil();
        await hub.Publish(hub.AMatch(council));
        var alert = await council.Alert(_ => true);
        var cursor = (await council.Get("/alerts?changedAfter=0")).GetProperty("changedAfter").GetInt64();
        var over = new
        {
            to,
            colleague,
            text = Text,
            kind = "person",
            name = "Duty social worker 14",
        };

        var (status, _) = await council.Post($"/alerts/{alert.Id()}/hand-over", over);
        await council.Post($"/alerts/{alert.Id()}/hand-over", over);

        Assert.Equal(200, status);
        var changed = Assert.Single(await council.Alerts($"?changedAfter={cursor}"));
        var handed = changed.GetProperty("handedOver");
        Assert.Equal(
            ("raised", 1, to, Text, "Duty social worker 14"),
            (
                changed.Text("state"),
                changed.GetProperty("version").GetInt32(),
                handed.Text("to"),
                handed.Text("text"),
                handed.Text("by")
            )
        );
        Assert.Equal(line, Assert.Single(await Lines(council, alert, "handedOver")).Text("note"));
        Assert.True(
            await hub.Db(db =>
                db.EscalationSteps.AnyAsync(
                    step => step.AlertId == alert.Id() && step.State == EscalationState.Waiting,
                    TestContext.Current.CancellationToken
                )
            ),
            "no step waits"
        );
    }

    [Fact]
    public async Task Of_a_restricted_child_what_was_written_is_for_those_who_may_read_the_place()
    {
        var council = hub.ACouncil();
        var lead = new Desk(hub.Service, council.Code, "alert.read", "alert.place");
        var match = hub.AMatch(council);
        await hub.Publish(match with { Plans = [match.Plans[0] with { Restriction = PlanRestriction.ByCouncil }] });
        var alert = await council.Alert(_ => true);
        await council.Post($"/alerts/{alert.Id()}/notes", new { text = Text });
        await council.Post($"/alerts/{alert.Id()}/hand-over", new { to = "emergencyDutyTeam", text = Text });

        var everybody =
            (await council.Get($"/alerts/{alert.Id()}")).GetRawText()
            + (await council.Get($"/alerts/{alert.Id()}/history")).GetRawText();

        Assert.DoesNotContain(Text, everybody, StringComparison.Ordinal);
        Assert.Contains("emergencyDutyTeam", everybody, StringComparison.Ordinal);
        Assert.All(await Task.WhenAll(Lines(lead, alert, "noted"), Lines(lead, alert, "handedOver")), lines =>
            Assert.Contains(Text, Assert.Single(lines).Text("note"), StringComparison.Ordinal)
        );
        Assert.Equal(Text, (await lead.Get($"/alerts/{alert.Id()}/place")).Text("handedOver", "text"));
    }

    [Fact]
    public async Task An_alert_that_was_refused_cannot_be_handed_over_but_can_be_noted()
    {
        var council = hub.ACouncil();
        await hub.Publish(hub.AMatch(council));
        var alert = await council.Alert(_ => true);
        await council.Post($"/alerts/{alert.Id()}/refuse", new { reason = "notOurs" });

        var (status, refusal) = await council.Post($"/alerts/{alert.Id()}/hand-over", new { to = "emergencyDutyTeam" });

        Assert.Equal((409, "alert-refused"), (status, refusal.Text("code")));
        Assert.Equal(200, (await council.Post($"/alerts/{alert.Id()}/notes", new { text = Text })).Status);
    }

    [Theory]
    [InlineData("notes", """{ "text": "  " }""", "text-missing")]
    [InlineData("notes", """{ "text": "a\u0000b" }""", "text-unusable")]
    [InlineData("notes", """{ "text": "a", "kind": "person" }""", "name-missing")]
    [InlineData("hand-over", "{ }", "to-missing")]
    [InlineData("hand-over", """{ "to": "colleague" }""", "colleague-missing")]
    [InlineData("hand-over", """{ "to": "emergencyDutyTeam", "colleague": "Dana" }""", "colleague-not-taken")]
    [InlineData("hand-over", """{ "to": "colleague", "colleague": "a\nb" }""", "colleague-unusable")]
    public async Task What_cannot_be_used_is_refused_with_its_code(string route, string json, string code)
    {
        var council = hub.ACouncil();
        await hub.Publish(hub.AMatch(council));
        var alert = await council.Alert(_ => true);

        var (status, refusal) = await council.Post(
            $"/alerts/{alert.Id()}/{route}",
            JsonSerializer.Deserialize<JsonElement>(json)
        );

        Assert.Equal((400, code), (status, refusal.Text("code")));
    }

    private static async Task<List<JsonElement>> Lines(Desk council, JsonElement alert, string what) =>
        [
            .. (await council.Get($"/alerts/{alert.Id()}/history"))
                .GetProperty("entries")
                .EnumerateArray()
                .Where(entry => entry.Text("deed") == what),
        ];
}
