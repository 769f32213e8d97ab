using System.Net;
using Microsoft.EntityFrameworkCore;
using Safeguarding.Contracts.Matches;
using Safeguarding.Contracts.Plans;
using Safeguarding.Hosting.Audit;
using Safeguarding.TestKit;

namespace Safeguarding.Notification.Tests;

/// <summary>A council answers a person who asks which alerts there were about them, or about their child.</summary>
public sealed class Subject_access(Hub hub) : IClassFixture<Hub>
{
    private const string Lead = "safeguarding-lead";

    // A piece of the place, of who acted and of what they wrote.
    private static readonly string[] Withheld =
    [
        "St Elsewhere",
        "RYJ",
        "Imperial",
        "7946 0000",
        "emergencyDepartment",
        "448021000000103",
        "Rosalind",
        "grandfather",
    ];

    [Fact]
    public async Task An_alert_says_when_and_how_grave_and_withholds_where_and_who_until_each_is_released()
    {
        var (council, other) = (hub.ACouncil(), hub.ACouncil());
        var match = hub.AMatch(council);
        await hub.Publish(match, hub.AMatch(other) with { Plans = match.Plans });
        var alert = await council.Alert(_ => true);
        var by = new { kind = "person", name = "Rosalind Peverell" };
        Assert.Equal(200, (await council.Post($"/alerts/{alert.Id()}/acknowledge", by)).Status);
        var note = new
        {
            text = "The grandfather rang.",
            kind = "person",
            name = "Rosalind Peverell",
        };
        Assert.True((await council.Post($"/alerts/{alert.Id()}/notes", note)).Status is 200 or 201);
        using var lead = hub.Service.Person(council.Code, Lead);
        var planId = match.Plans[0].PlanId;

        var first = await SubjectAccess.AskAsync(lead, planId);

        Assert.All(Withheld, word => Assert.DoesNotContain(word, first.Text, StringComparison.Ordinal));
        Assert.Equal([match.EncounterId.ToString()], first.Of("attendance.encounter"));
        Assert.Equal(["CP-1041"], first.Of("alert.plans"));
        Assert.Equal(["acknowledged"], first.Of("alert.settled"));
        Assert.Equal(["(reporter)"], first.Of("alert.settledBy"));
        Assert.Equal(["(location)"], first.Of("attendance.telephone"));
        Assert.Equal(["(reporter)"], first.Of("attendance.concerns"));
        Assert.Equal(["raised", "acknowledged", "noted"], first.Of("event.what"));
        Assert.Equal("(other-people)", first.Of("event.note")[^1]);

        const string Why = "She was there with the child.";
        var released = await SubjectAccess.AskAsync(lead, planId, "child", (first.ItemOf("attendance.site"), Why));
        Assert.Equal(["St Elsewhere, RYJ01"], released.Of("attendance.site"));
        Assert.Equal(["(location)"], released.Of("attendance.trust"));
        Assert.Equal(["(location)"], (await SubjectAccess.AskAsync(lead, planId)).Of("attendance.site"));
        var audit = await hub.Db(db =>
            db.Set<AuditRecord>()
                .Where(record => record.Subject == alert.Id() && record.Act.StartsWith("alert.subject-access"))
                .ToListAsync(TestContext.Current.CancellationToken)
        );
        Assert.Equal(3, audit.Count(record => record.Act == "alert.subject-access"));
        var release = Assert.Single(audit, record => record.Act == "alert.subject-access.release");
        Assert.Equal((council.Code, Lead), (release.Organisation, release.Role));
        Assert.Equal($"site: {Why}", hub.Service.ReasonOf(release));

        using var worker = hub.Service.Person(council.Code, "duty-worker");
        using var forbidden = await SubjectAccess.SendAsync(worker, [(planId, "child")]);
        Assert.Equal(HttpStatusCode.Forbidden, forbidden.StatusCode);
        // The other council's alert of the same encounter is its own, and a third has none.
        using var third = hub.Service.Person(hub.ACouncil().Code, Lead);
        Assert.Empty((await SubjectAccess.AskAsync(third, planId)).Items);
    }

    [Fact]
    public async Task Every_attendance_that_an_alert_groups_is_there_and_a_mothers_is_not_her_childs()
    {
        var council = hub.ACouncil();
        var mother = hub.AMatch(council);
        mother = mother with
        {
            Plans = [mother.Plans[0] with { Kind = PlanKind.Unborn, Role = MatchRole.MotherOfUnborn }],
        };
        var planId = mother.Plans[0].PlanId;
        await hub.Publish(mother);
        await council.Alert(_ => true);
        using var lead = hub.Service.Person(council.Code, Lead);

        var hers = await SubjectAccess.AskAsync(lead, planId, "motherOfUnborn");
        var theirs = await SubjectAccess.AskAsync(lead, planId);

        Assert.Equal([mother.EncounterId.ToString()], hers.Of("attendance.encounter"));
        Assert.Equal(["(other-people)"], hers.Of("alert.plans"));
        Assert.All(theirs.Items, item => Assert.Equal("other-people", item.Withheld));

        Assert.Equal(200, (await council.Put("/rules", new { grouping = new { windowHours = 24 } })).Status);
        var child = hub.AMatch(council);
        await hub.Publish(child);
        await council.Alert(alert => alert.GetProperty("encounter").GetProperty("id").GetGuid() == child.EncounterId);
        var again = child with { EncounterId = Guid.CreateVersion7() };
        await hub.Publish(again);
        var both = await Eventually.UntilAsync(
            () => SubjectAccess.AskAsync(lead, child.Plans[0].PlanId),
            shown => shown.Of("attendance.encounter").Count == 2
        );
        Assert.Single(both.Of("alert.state"));
    }

    [Theory]
    [InlineData(PlanRestriction.ByCouncil)]
    [InlineData(PlanRestriction.ByAnotherCouncil)]
    public async Task Of_a_restricted_child_there_is_an_alert_its_grade_and_the_day_and_no_release(
        PlanRestriction restriction
    )
    {
        var council = hub.ACouncil();
        var match = hub.AMatch(council);
        match = match with { Plans = [match.Plans[0] with { Restriction = restriction }] };
        await hub.Publish(match);
        var alert = await council.Alert(_ => true);
        var by = new { kind = "person", name = "Rosalind Peverell" };
        Assert.Equal(200, (await council.Post($"/alerts/{alert.Id()}/acknowledge", by)).Status);
        using var lead = hub.Service.Person(council.Code, Lead);

        var shown = await SubjectAccess.AskAsync(lead, match.Plans[0].PlanId);

        Assert.All([.. Withheld, match.EncounterId.ToString()], word =>
            Assert.DoesNotContain(word, shown.Text, StringComparison.Ordinal)
        );
        Assert.Equal(["standard"], shown.Of("alert.grade"));
        Assert.All(shown.Of("alert.raisedAt").Concat(shown.Of("event.at")), at =>
            Assert.Matches(@"^\d{4}-\d\d-\d\d$", at)
        );
        Assert.All(shown.Items.Where(item => item.Withheld is not null), item =>
            Assert.Equal("restricted", item.Withheld)
        );
        Assert.NotEmpty(shown.Of("alert.whereAndWhen"));
        using var refused = await SubjectAccess.SendAsync(
            lead,
            [(match.Plans[0].PlanId, "child")],
            (shown.ItemOf("alert.settledBy"), "He asked.")
        );
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
    }
}
