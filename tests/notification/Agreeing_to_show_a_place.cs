using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Safeguarding.Contracts.Matches;
using Safeguarding.Contracts.Plans;
using Safeguarding.Hosting.Audit;
using Safeguarding.TestKit;

namespace Safeguarding.Notification.Tests;

/// <summary>The council that restricted a child lets the other see where the child is, or no longer does.</summary>
public sealed class Agreeing_to_show_a_place(Hub hub) : IClassFixture<Hub>
{
    private static readonly object Because = new { reason = "Agreed with their safeguarding lead" };

    [Fact]
    public async Task The_other_council_reads_the_place_from_the_agreement_until_it_is_withdrawn()
    {
        await using var receiver = await Receiver.StartAsync();
        var (keeper, other) = (hub.ACouncil(), hub.ACouncil());
        await other.Subscribe(receiver.Url);
        var (registration, alert) = await RestrictedAsync(keeper, other);
        var (lead, otherLead) = (Lead(keeper), Lead(other));
        Assert.Equal(403, await PlaceAsync(otherLead, alert));

        var (status, agreed) = await lead.Post($"/registrations/{registration}/place-agreement", Because);
        Assert.Equal(200, status);
        Assert.True(agreed.TryGetProperty("placeAgreedAt", out _));
        // A repeat changes nothing and tells nobody.
        await lead.Post($"/registrations/{registration}/place-agreement", Because);

        Assert.Equal(200, await PlaceAsync(otherLead, alert));
        var told = Assert.Single((await other.Get("/registrations")).GetProperty("registrations").EnumerateArray());
        Assert.Equal(keeper.Code, told.Text("otherCouncil"));
        Assert.True(told.TryGetProperty("otherPlaceAgreedAt", out _));
        // No channel says more than before.
        Assert.DoesNotContain(
            "Elsewhere",
            (await other.Get($"/alerts/{alert}")).GetRawText(),
            StringComparison.Ordinal
        );

        await lead.Post($"/registrations/{registration}/place-agreement/withdraw", Because);
        Assert.Equal(403, await PlaceAsync(otherLead, alert));

        var hooks = await Eventually.UntilAsync(
            () => Task.FromResult(receiver.Received.Where(hook => hook.Type == "child.place-agreement.v1").ToList()),
            hooks => hooks.Count >= 2
        );
        Assert.Equal(
            [false, true],
            hooks.Select(hook => hook.Event.GetProperty("data").GetProperty("agreed").GetBoolean()).Order()
        );
        var audited = await hub.Db(db =>
            db.Set<AuditRecord>()
                .Where(record => record.Subject == registration && record.Reason != null)
                .Select(record => new { record.Act, record.Reason })
                .ToListAsync(TestContext.Current.CancellationToken)
        );
        Assert.Equal(
            ["registration.place.agree", "registration.place.agree", "registration.place.withdraw"],
            audited.Select(record => record.Act).Order()
        );
        Assert.All(audited, record => Assert.StartsWith("sealed:", record.Reason, StringComparison.Ordinal));
    }

    public static TheoryData<string> NotAgreed { get; } =
    [
        "by another council that restricted the child too, but later",
        "about another child of the same two councils",
        "with a third council",
        "by the other council, with itself in mind",
    ];

    [Theory]
    [MemberData(nameof(NotAgreed))]
    public async Task Nothing_is_shown_where_it_was_agreed(string otherwise)
    {
        var (keeper, other, third) = (hub.ACouncil(), hub.ACouncil(), hub.ACouncil());
        var (registration, alert) = await RestrictedAsync(keeper, other);
        var plan = await hub.Db(db =>
            db.RegistrationNotices.Where(notice => notice.Id == registration)
                .Select(notice => notice.OtherPlanId)
                .SingleAsync(TestContext.Current.CancellationToken)
        );
        var (who, pair) =
            otherwise.Contains("but later", StringComparison.Ordinal) ? (third, APair(third, other, plan))
            : otherwise.Contains("another child", StringComparison.Ordinal) ? (keeper, APair(keeper, other))
            : otherwise.Contains("third", StringComparison.Ordinal) ? (keeper, APair(keeper, third))
            : (other, APair(other, keeper));
        await hub.Publish(pair);
        var id = (await RegistrationsAsync(who, pair.Held.Reference)).Id();

        Assert.Equal(200, (await Lead(who).Post($"/registrations/{id}/place-agreement", Because)).Status);

        Assert.Equal(403, await PlaceAsync(Lead(other), alert));
    }

    [Fact]
    public async Task Anothers_registration_answers_as_one_that_does_not_exist_and_one_unnamed_is_refused()
    {
        var (keeper, other) = (hub.ACouncil(), hub.ACouncil());
        var (registration, _) = await RestrictedAsync(keeper, other);
        foreach (var path in new[] { "place-agreement", "place-agreement/withdraw", "challenge" })
        {
            var stranger = new Desk(hub.Service, other.Code, "alert.place", "alert.ack");
            var anothers = await stranger.Post($"/registrations/{registration}/{path}", Because);
            var missing = await stranger.Post($"/registrations/{Guid.CreateVersion7()}/{path}", Because);
            Assert.Equal(404, anothers.Status);
            Assert.Equal(Said(missing.Body), Said(anothers.Body));
            var owner = new Desk(hub.Service, keeper.Code, "alert.place", "alert.ack");
            Assert.Equal(400, (await owner.Post($"/registrations/{registration}/{path}", new { reason = " " })).Status);
        }

        // The other council restricted the child, and not this one: there is nothing of its own to show.
        var pair = APair(other, keeper) with { TellHolder = OtherCouncilShown.Unnamed };
        await hub.Publish(pair);
        var unnamed = (await RegistrationsAsync(other, pair.Held.Reference)).Id();
        Assert.Equal(409, (await Lead(other).Post($"/registrations/{unnamed}/place-agreement", Because)).Status);
    }

    [Fact]
    public async Task A_challenge_is_seen_by_the_other_council_and_by_the_hubs_privacy_officer()
    {
        var (holder, registrant) = (hub.ACouncil(), hub.ACouncil());
        var pair = APair(holder, registrant);
        await hub.Publish(pair);
        var own = await RegistrationsAsync(holder, pair.Held.Reference);

        var (status, challenged) = await holder.Post(
            $"/registrations/{own.Id()}/challenge",
            new { reason = "They do not know the family" }
        );

        Assert.Equal((200, "They do not know the family"), (status, challenged.Text("challengeReason")));
        var seen = await RegistrationsAsync(registrant, pair.Registered.Reference);
        Assert.True(seen.TryGetProperty("otherChallengedAt", out _));
        Assert.DoesNotContain("family", seen.GetRawText(), StringComparison.Ordinal);
        Assert.True(await ChallengedAsync("HUB", own.Id()));
        Assert.True(await ChallengedAsync(holder.Code, own.Id()));
        Assert.False(await ChallengedAsync(registrant.Code, own.Id()));
        var stored = await hub.Db(db =>
            db.Database.SqlQuery<string>(
                    $"""SELECT challenge_reason AS "Value" FROM notification.registration_notice WHERE id = {own.Id()}"""
                )
                .SingleAsync(TestContext.Current.CancellationToken)
        );
        Assert.StartsWith("sealed:", stored, StringComparison.Ordinal);
    }

    private async Task<bool> ChallengedAsync(string organisation, Guid registration)
    {
        using var officer = hub.Service.Person(organisation, "privacy-officer");
        var listed = await officer.GetStringAsync(
            "/registrations/challenged?limit=200",
            TestContext.Current.CancellationToken
        );
        return listed.Contains(registration.ToString(), StringComparison.Ordinal);
    }

    /// <summary>A child that the first council restricted and the other registered, who has attended.</summary>
    private async Task<(Guid Registration, Guid Alert)> RestrictedAsync(Desk keeper, Desk other)
    {
        var pair = APair(keeper, other) with { TellRegistrant = OtherCouncilShown.Nothing };
        await hub.Publish(pair);
        await hub.Publish(
            hub.AMatch(other) with
            {
                Plans =
                [
                    new(
                        pair.Registered.PlanId,
                        pair.Registered.Reference,
                        PlanKind.ChildProtection,
                        MatchRole.Child,
                        PlanRestriction.ByAnotherCouncil,
                        keeper.Code
                    ),
                ],
            }
        );
        return ((await RegistrationsAsync(keeper, pair.Held.Reference)).Id(), (await other.Alert(_ => true)).Id());
    }

    private static ChildRegisteredAgain APair(Desk holder, Desk registrant, Guid? registered = null) =>
        new(
            Guid.CreateVersion7(),
            new(registered ?? Guid.CreateVersion7(), registrant.Code, $"R-{Guid.CreateVersion7():n}"),
            new(Guid.CreateVersion7(), holder.Code, $"H-{Guid.CreateVersion7():n}"),
            TimeProvider.System.GetUtcNow(),
            OtherCouncilShown.Named,
            OtherCouncilShown.Named
        );

    private static async Task<JsonElement> RegistrationsAsync(Desk council, string plan)
    {
        var found = await Eventually.UntilAsync(
            async () =>
                (await council.Get("/registrations"))
                    .GetProperty("registrations")
                    .EnumerateArray()
                    .Where(one => one.Text("plan") == plan)
                    .ToList(),
            found => found.Count > 0
        );
        return found.Single();
    }

    private static (string, string) Said(JsonElement problem) => (problem.Text("title"), problem.Text("code"));

    private Desk Lead(Desk council) => new(hub.Service, council.Code, "alert.place");

    private static async Task<int> PlaceAsync(Desk desk, Guid alert) =>
        (int)(await desk.Http.GetAsync($"/alerts/{alert}/place", TestContext.Current.CancellationToken)).StatusCode;
}
