using System.Text.Json;
using Safeguarding.Contracts.Matches;
using Safeguarding.Contracts.Plans;
using Safeguarding.Hosting.Audit;
using Safeguarding.Notification.Domain.Alerts;
using Safeguarding.TestKit;

namespace Safeguarding.Notification.Tests;

/// <summary>
/// Where a restricted child is, is said in no channel, and only by a call of its own to those it is open
/// to.
/// </summary>
public sealed class Restricted_children(Hub hub) : IClassFixture<Hub>
{
    // What is in the match, and nowhere in what a council is shown: a piece of each field.
    private static readonly string[] Places =
    [
        "Elsewhere",
        "RYJ",
        "Imperial",
        "7946 0000",
        "emergencyDepartment",
        "448021000000103",
        "Given name",
        "99.95",
    ];

    public static TheoryData<PlanRestriction> Restrictions { get; } =
    [PlanRestriction.ByCouncil, PlanRestriction.ByAnotherCouncil];

    [Theory]
    [MemberData(nameof(Restrictions))]
    public async Task No_channel_and_no_route_says_where_or_when_but_the_one_for_it(PlanRestriction restriction)
    {
        await using var receiver = await Receiver.StartAsync();
        var council = hub.ACouncil();
        await council.Subscribe(receiver.Url, "full");
        var match = AMatch(council, restriction);
        await hub.Publish(match);
        var alert = await council.Alert(_ => true);
        var hook = (await receiver.AtLeast(1))[0];

        // Amended: what changed is not said either.
        await hub.Publish(match with { Version = 2, EndedAt = TimeProvider.System.GetUtcNow(), Late = true });
        await council.Alert(newer => newer.GetProperty("version").GetInt64() == 2);
        (string Where, string Text)[] shown =
        [
            ("webhook", hook.Event.GetRawText()),
            ("list", (await council.Get("/alerts")).GetRawText()),
            ("claim", (await council.ClaimOne()).GetRawText()),
            ("alert", (await council.Get($"/alerts/{alert.Id()}")).GetRawText()),
            ("history", (await council.Get($"/alerts/{alert.Id()}/history")).GetRawText()),
            ("changes", (await council.Get("/alerts?changedAfter=0")).GetRawText()),
            ("fhir", (await council.Get($"/fhir/Communication/{alert.Id()}")).GetRawText()),
        ];

        Assert.All(shown, one =>
            Assert.DoesNotContain([.. Places, match.EncounterId.ToString()], secret =>
                one.Text.Contains(secret, StringComparison.Ordinal)
            )
        );
        Assert.All(shown, one => Assert.Contains(alert.Id().ToString(), one.Text, StringComparison.Ordinal));
        Assert.Contains("CP-1041", alert.Text("summary"), StringComparison.Ordinal);
        Assert.True(alert.GetProperty("restricted").GetBoolean());
        Assert.All([alert.Text("raisedAt"), alert.Text("changedAt"), hook.Event.Text("time")], time =>
            Assert.Equal(TimeSpan.Zero, DateTimeOffset.Parse(time, null).TimeOfDay)
        );
        // The id is a UUID version 7: its first 48 bits are a time.
        var made = DateTimeOffset.FromUnixTimeMilliseconds(
            Convert.ToInt64(alert.Id().ToString("N")[..12], fromBase: 16)
        );
        Assert.Equal(TimeSpan.Zero, made.TimeOfDay);
    }

    [Fact]
    public async Task Where_is_a_call_of_its_own_for_the_named_roles_of_the_council_that_restricted()
    {
        var (council, other) = (hub.ACouncil(), hub.ACouncil());
        var match = AMatch(council, PlanRestriction.ByCouncil);
        await hub.Publish(
            match,
            AMatch(other, PlanRestriction.ByAnotherCouncil) with
            {
                EncounterId = match.EncounterId,
            }
        );
        var (own, others) = (await council.Alert(_ => true), await other.Alert(_ => true));
        var (lead, otherLead) = (Lead(council), Lead(other));

        var place = await lead.Get($"/alerts/{own.Id()}/place");
        Assert.Equal("St Elsewhere", place.Text("where", "siteName"));
        Assert.Equal(match.EncounterId.ToString(), place.Text("encounter", "id"));
        Assert.Equal("placeRead", (await council.Deeds(own))[^1]);

        Assert.Equal(403, await Status(council, own));
        Assert.Equal(404, await Status(otherLead, own));
        Assert.Equal(403, await Status(otherLead, others));
        var refused = await hub.Db(db =>
            Task.FromResult(
                db.Set<AuditRecord>().Single(record => record.Subject == others.Id() && record.Code != null)
            )
        );
        Assert.Equal(
            ("alert.place.read", AuditOutcome.Refused, "place-withheld"),
            (refused.Act, refused.Outcome, refused.Code)
        );
    }

    [Fact]
    public async Task An_alert_of_a_child_that_is_restricted_afterwards_no_longer_says_where()
    {
        var council = hub.ACouncil();
        var match = hub.AMatch(council);
        await hub.Publish(match);
        Assert.Equal("St Elsewhere", (await council.Alert(_ => true)).Text("where", "siteName"));

        var restricted = match.Plans[0] with { Restriction = PlanRestriction.ByCouncil };
        await hub.Publish(match with { Version = 2, Plans = [restricted] });

        var alert = await council.Alert(newer => newer.GetProperty("version").GetInt64() == 2);
        Assert.False(alert.TryGetProperty("where", out _));
        Assert.DoesNotContain("Elsewhere", alert.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_plan_that_is_restricted_between_two_attendances_is_named_once()
    {
        var now = TimeProvider.System.GetUtcNow();
        var before = hub.AMatch(hub.ACouncil());
        var alert = Alert.Raise(before, traceParent: null, now);

        alert.Join(
            before with
            {
                EncounterId = Guid.CreateVersion7(),
                StartedAt = now,
                Plans = [before.Plans[0] with { Restriction = PlanRestriction.ByCouncil }],
            },
            traceParent: null,
            now
        );

        Assert.Single(alert.AllPlans());
        Assert.True(alert.IsRestricted);
    }

    private EncounterMatched AMatch(Desk council, PlanRestriction restriction) =>
        hub.AMatch(council) with
        {
            Plans = [new(Guid.CreateVersion7(), "CP-1041", PlanKind.ChildProtection, MatchRole.Child, restriction)],
        };

    private Desk Lead(Desk council) => new(hub.Service, council.Code, "alert.place");

    private static async Task<int> Status(Desk desk, JsonElement alert) =>
        (int)
            (await desk.Http.GetAsync($"/alerts/{alert.Id()}/place", TestContext.Current.CancellationToken)).StatusCode;
}
