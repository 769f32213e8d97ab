using System.Text.Json;
using Safeguarding.Messaging;
using Safeguarding.Notification.Api.Escalations;
using Safeguarding.Notification.Domain.Alerts;
using Safeguarding.Notification.Domain.Escalation;
using Safeguarding.Notification.Storage;

namespace Safeguarding.Notification.Tests;

public sealed class Escalation_document
{
    private static readonly HashSet<string> Subscriptions = ["case-system", "second", "edt", "manager"];

    [Theory]
    [InlineData("""{}""")]
    [InlineData("""{ "standard": {} }""")]
    [InlineData(
        """{ "standard": { "steps": [ { "afterMinutes": 0, "to": ["second"] }, { "afterMinutes": 10080, "to": ["case-system", "second"] } ] } }"""
    )]
    [InlineData(
        """{ "desks": { "emergencyDutyTeam": ["edt"], "dutyManager": ["manager"] }, "urgent": { "overdueAfterMinutes": 5, "steps": [ { "afterMinutes": 5, "to": ["emergencyDutyTeam", "dutyManager"] } ] } }"""
    )]
    public void Can_be_used(string json) => Assert.Empty(Errors(json));

    [Theory]
    [InlineData("""{ "desks": { "emergencyDutyTeam": ["nobody"] } }""", "desks.emergencyDutyTeam[0]")]
    [InlineData("""{ "desks": { "dutyManager": [null] } }""", "desks.dutyManager[0]")]
    [InlineData(
        """{ "desks": { "dutyManager": ["second", "second", "second", "second", "second", "second"] } }""",
        "desks.dutyManager"
    )]
    [InlineData("""{ "standard": { "overdueAfterMinutes": 0 } }""", "standard.overdueAfterMinutes")]
    [InlineData("""{ "high": { "overdueAfterMinutes": 1441 } }""", "high.overdueAfterMinutes")]
    [InlineData("""{ "standard": { "steps": [ null ] } }""", "standard.steps[0].afterMinutes")]
    [InlineData("""{ "standard": { "steps": [ { "to": ["second"] } ] } }""", "standard.steps[0].afterMinutes")]
    [InlineData(
        """{ "standard": { "steps": [ { "afterMinutes": -1, "to": ["second"] } ] } }""",
        "standard.steps[0].afterMinutes"
    )]
    [InlineData(
        """{ "standard": { "steps": [ { "afterMinutes": 10081, "to": ["second"] } ] } }""",
        "standard.steps[0].afterMinutes"
    )]
    [InlineData(
        """{ "standard": { "steps": [ { "afterMinutes": 5, "to": ["second"] }, { "afterMinutes": 5, "to": ["edt"] } ] } }""",
        "standard.steps[1].afterMinutes"
    )]
    [InlineData("""{ "urgent": { "steps": [ { "afterMinutes": 5, "to": [] } ] } }""", "urgent.steps[0].to")]
    [InlineData("""{ "urgent": { "steps": [ { "afterMinutes": 5 } ] } }""", "urgent.steps[0].to")]
    [InlineData(
        """{ "urgent": { "steps": [ { "afterMinutes": 5, "to": ["second", "nobody"] } ] } }""",
        "urgent.steps[0].to[1]"
    )]
    [InlineData(
        """{ "urgent": { "steps": [ { "afterMinutes": 5, "to": ["emergencyDutyTeam"] } ] } }""",
        "urgent.steps[0].to[0]"
    )]
    public void Is_refused_where_it_is_wrong(string json, string field) =>
        Assert.Equal(field, Assert.Single(Errors(json)).Field);

    [Fact]
    public void A_grade_without_steps_of_its_own_climbs_those_of_the_grade_below()
    {
        var document = Read(
            """{ "standard": { "overdueAfterMinutes": 20 }, "urgent": { "overdueAfterMinutes": 5 } }"""
        );

        Assert.Equal(
            [20, 20, 5],
            new[] { AlertGrade.Standard, AlertGrade.High, AlertGrade.Urgent }.Select(grade =>
                (int)document.Get(grade).OverdueAfter.TotalMinutes
            )
        );
        Assert.Equal(15, EscalationDocument.Unset.Get(AlertGrade.Urgent).OverdueAfter.TotalMinutes);
    }

    [Fact]
    public void A_subscription_that_is_named_waits_for_its_turn_and_every_other_is_notified_at_once()
    {
        var rota = new DutyRota(
            Read(
                """{ "desks": { "emergencyDutyTeam": ["edt"], "dutyManager": ["manager"] }, "high": { "steps": [ { "afterMinutes": 5, "to": ["second", "dutyManager"] } ] } }"""
            ),
            null
        );

        Assert.Equal(["case-system"], Subscriptions.Where(rota.IsFirstLine));
        Assert.Equal(["second", "manager"], rota.Document.Behind(["second", "dutyManager", "second"]));
    }

    [Fact]
    public void Steps_are_counted_in_elapsed_minutes_from_opening_and_not_by_the_wall_clock()
    {
        // 00:50 in London on the night on which the clocks go back; 70 minutes later it is 01:00 there, for the second
        // time.
        var opened = new DateTimeOffset(2026, 10, 24, 23, 50, 0, TimeSpan.Zero);
        var alert = new Alert
        {
            Id = Guid.CreateVersion7(),
            EncounterId = Guid.CreateVersion7(),
            CouncilCode = "E06000001",
            Version = 3,
            OpenedAt = opened,
        };
        alert.ExpectAnswer(TimeSpan.FromMinutes(20));

        var steps = EscalationStep
            .Plan(
                alert,
                Read(
                        """{ "standard": { "steps": [ { "afterMinutes": 10, "to": ["second"] }, { "afterMinutes": 70, "to": ["edt"] } ] } }"""
                    )
                    .Get(AlertGrade.Standard)
            )
            .ToList();

        Assert.Equal(
            [(0, 20), (1, 10), (2, 70)],
            steps.Select(step => (step.Number, (int)(step.DueAt - opened).TotalMinutes))
        );
        Assert.All(steps, step => Assert.Equal(3, step.Round));
    }

    private static List<Safeguarding.Hosting.Access.FieldError> Errors(string json) =>
        ValidateEscalation.Errors(Read(json), Subscriptions);

    private static EscalationDocument Read(string json) =>
        JsonSerializer.Deserialize<EscalationDocument>(json, HubJson.Options)!;
}
