using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;
using Safeguarding.Contracts;
using Safeguarding.Contracts.Encounters;
using Safeguarding.Contracts.Matches;
using Safeguarding.Contracts.Persons;
using Safeguarding.Contracts.Plans;
using Safeguarding.Hosting.Audit;
using Safeguarding.Matching.Reviews;
using Safeguarding.TestKit;
using static Safeguarding.Matching.Tests.MatchingUnderTest;

namespace Safeguarding.Matching.Tests;

public sealed class Numbers_that_change(HubServers servers)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_merge_is_followed_both_ways_and_late_and_sent_to_plan_registry_once()
    {
        await using var matching = await StartAsync(servers);
        var told = await matching.Bus.ListenAsync<NumberChanged>();
        var (child, newer, newest) = (Synthetic.AChild(), Synthetic.NextNhsNumber(), Synthetic.NextNhsNumber());
        var plan = matching.APlan(child);
        var before = matching.AnEncounter(Under(newer, child));
        await matching.PublishAsync(plan);
        await matching.SettleAsync();
        await matching.PublishAsync(before);
        await matching.SettleAsync();
        Assert.Null(matching.Notified(before));

        var first = await PublishAsync(matching, NumberOf(child), newer, "merge", id: "1");
        var again = await PublishAsync(matching, NumberOf(child), newer, "merge", id: "1");
        await matching.SettleAsync();
        Assert.Equal(first, again);
        Assert.True(matching.Notified(before)!.Match!.Late);
        var changed = Assert.Single(await told.AtLeast(1));
        Assert.Equal((plan.PlanId, Hackney), (changed.PlanId, changed.CouncilCode));
        Assert.Equal(child.Identifier, matching.Sealer.Open(changed.Superseded));

        // A second merge makes a chain: whoever comes under its newest number is found, and by a plan that comes only
        // now.
        await PublishAsync(matching, newer, newest, "merge", id: "2");
        var after = matching.AnEncounter(Under(newest, child));
        await matching.PublishAsync(after);
        await matching.SettleAsync();
        Assert.False(matching.Notified(after)!.Match!.Late);
        await matching.PublishAsync(matching.APlan(Under(newest, child), Leeds));
        await matching.SettleAsync();
        Assert.NotNull(matching.Notified(before, Leeds)!.Match);
    }

    [Fact]
    public async Task A_change_left_undecided_for_a_day_counts_for_the_alarm_until_it_is_decided()
    {
        var clock = new FakeTimeProvider(Now);
        await using var matching = await StartAsync(servers, clock: clock);
        var watch = matching.Service.Services.GetServices<IHostedService>().OfType<WatchReviews>().Single();
        var id = await PublishAsync(matching, Synthetic.NextNhsNumber(), Synthetic.NextNhsNumber(), "split");
        await PublishAsync(matching, Synthetic.NextNhsNumber(), Synthetic.NextNhsNumber(), "merge", id: "2");
        Assert.Equal(0, (await watch.RunAsync(Cancelled)).HeldChanges);

        clock.Advance(TimeSpan.FromHours(25));
        Assert.Equal(1, (await watch.RunAsync(Cancelled)).HeldChanges);

        var decided = await matching
            .Service.Client("HUB", "number.review")
            .PostAsJsonAsync(
                $"/numbers/changes/{id}/decide",
                new
                {
                    follow = false,
                    reason = "Two persons",
                    reviewer = "cleared",
                },
                Cancelled
            );
        Assert.Equal(HttpStatusCode.NoContent, decided.StatusCode);
        Assert.Equal(0, (await watch.RunAsync(Cancelled)).HeldChanges);
    }

    [Theory]
    [InlineData("undo")]
    [InlineData("restricted plan")]
    public async Task A_followed_change_waits_for_a_reviewer_from_when_it_was_held(string by)
    {
        var clock = new FakeTimeProvider(Now);
        await using var matching = await StartAsync(servers, clock: clock);
        var watch = matching.Service.Services.GetServices<IHostedService>().OfType<WatchReviews>().Single();
        var child = Synthetic.AChild();
        var plan = matching.APlan(child);
        await matching.PublishAsync(plan);
        await matching.SettleAsync();
        var id = await PublishAsync(matching, NumberOf(child), Synthetic.NextNhsNumber(), "merge");
        clock.Advance(TimeSpan.FromHours(30));
        if (by == "undo")
        {
            var undone = await matching
                .Service.Client("HUB", "number.review")
                .PostAsJsonAsync(
                    $"/numbers/changes/{id}/undo",
                    new { reason = "Two persons", reviewer = "cleared" },
                    Cancelled
                );
            Assert.Equal(HttpStatusCode.NoContent, undone.StatusCode);
        }
        else
        {
            await matching.PublishAsync(Amended(plan, 2) with { Restricted = true });
            await matching.SettleAsync();
        }

        Assert.Equal(0, (await watch.RunAsync(Cancelled)).HeldChanges);

        clock.Advance(TimeSpan.FromHours(25));
        Assert.Equal(1, (await watch.RunAsync(Cancelled)).HeldChanges);
    }

    [Theory]
    [InlineData("split", false)]
    [InlineData(null, false)]
    [InlineData("merge", true)]
    public async Task What_is_no_plain_merge_has_no_effect_until_a_cleared_reviewer_follows_it(
        string? kind,
        bool restricted
    )
    {
        await using var matching = await StartAsync(servers);
        await matching.Bus.ListenAsync<NumberChanged>();
        var (child, newer) = (Synthetic.AChild(), Synthetic.NextNhsNumber());
        var encounter = matching.AnEncounter(Under(newer, child));
        await matching.PublishAsync(matching.APlan(child));
        await matching.SettleAsync();
        await matching.PublishAsync(encounter);
        await matching.SettleAsync();

        var id = await PublishAsync(matching, NumberOf(child), newer, kind, restricted: restricted);
        await matching.SettleAsync();
        Assert.Null(matching.Notified(encounter));

        var cleared = matching.Service.Client("HUB", "number.review");
        var held = Assert.Single((await cleared.GetFromJsonAsync<List<JsonElement>>("/numbers/changes", Cancelled))!);
        Assert.Equal(
            (id, restricted),
            (held.GetProperty("changeId").GetGuid(), held.GetProperty("restricted").GetBoolean())
        );
        foreach (
            var other in (HttpClient[])
                [
                    matching.Service.Client(Hackney, "review.decide", "match.read"),
                    matching.Service.Client("HUB", "number.write", "ops"),
                ]
        )
        {
            Assert.Equal(HttpStatusCode.Forbidden, (await other.GetAsync("/numbers/changes", Cancelled)).StatusCode);
        }

        var path = $"/numbers/changes/{id}/decide";
        Assert.Equal(
            HttpStatusCode.BadRequest,
            (await cleared.PostAsJsonAsync(path, new { follow = true }, Cancelled)).StatusCode
        );
        Assert.Equal(
            HttpStatusCode.NotFound,
            (
                await cleared.PostAsJsonAsync(
                    $"/numbers/changes/{Guid.CreateVersion7()}/decide",
                    new { follow = true, reason = "x" },
                    Cancelled
                )
            ).StatusCode
        );
        Assert.Equal(
            HttpStatusCode.NoContent,
            (await cleared.PostAsJsonAsync(path, new { follow = true, reason = "Checked." }, Cancelled)).StatusCode
        );
        Assert.Equal(
            HttpStatusCode.Conflict,
            (await cleared.PostAsJsonAsync(path, new { follow = false, reason = "x" }, Cancelled)).StatusCode
        );
        await matching.SettleAsync();
        Assert.NotNull(matching.Notified(encounter)!.Match);
    }

    [Fact]
    public async Task What_a_person_decided_outlives_a_merge_and_what_is_no_change_is_refused_by_field()
    {
        await using var matching = await StartAsync(servers);
        await matching.Bus.ListenAsync<NumberChanged>();
        var (child, newer) = (Synthetic.AChild(), Synthetic.NextNhsNumber());
        var encounter = matching.AnEncounter(Under(newer, child));
        await matching.PublishAsync(matching.APlan(child));
        await matching.SettleAsync();
        await matching.PublishAsync(encounter);
        await matching.SettleAsync();
        var council = matching.Service.Client(Hackney, "review.decide");
        var review = Assert.Single((await council.GetFromJsonAsync<List<JsonElement>>("/reviews", Cancelled))!);
        await council.PostAsJsonAsync(
            $"/reviews/{review.GetProperty("reviewId").GetGuid()}/resolve",
            new
            {
                version = 1,
                verdict = "notThisChild",
                reason = "Seen.",
            },
            Cancelled
        );

        await PublishAsync(matching, NumberOf(child), newer, "merge");
        await matching.SettleAsync();
        Assert.Null(matching.Notified(encounter));

        var answer = await matching
            .Service.Client("HUB", "number.write")
            .PostAsJsonAsync(
                "/numbers/changes",
                new
                {
                    specversion = "0.3",
                    type = "other",
                    data = new { supersededNhsNumber = "1234567890" },
                },
                Cancelled
            );
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var text = await answer.Content.ReadAsStringAsync(Cancelled);
        foreach (
            var field in (string[])["specversion", "id", "source", "type", "data.supersededNhsNumber", "data.nhsNumber"]
        )
        {
            Assert.Contains($"\"{field}\"", text, StringComparison.Ordinal);
        }

        Assert.DoesNotContain("1234567890", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("the change")]
    [InlineData("the plan")]
    [InlineData("the restriction")]
    public async Task A_merge_never_crosses_a_restricted_plan_before_a_cleared_reviewer_follows_it_whichever_comes_last(
        string last
    )
    {
        await using var matching = await StartAsync(servers);
        var told = await matching.Bus.ListenAsync<NumberChanged>();
        var (child, newer) = (Synthetic.AChild(), Synthetic.NextNhsNumber());
        var plan = matching.APlan(child);
        var others = matching.APlan(child, Leeds);
        var (own, across) = (matching.AnEncounter(child), matching.AnEncounter(Under(newer, child)));
        await matching.PublishAsync(others);
        if (last != "the plan")
            await matching.PublishAsync(plan with { Restricted = last == "the change" });
        await matching.SettleAsync();
        await matching.PublishAsync(own, across);
        await matching.SettleAsync();

        var id = await PublishAsync(matching, NumberOf(child), newer, "merge");
        await matching.SettleAsync();
        if (last == "the plan")
            await matching.PublishAsync(plan with { Restricted = true });
        if (last == "the restriction")
            await matching.PublishAsync(Amended(plan, 2) with { Restricted = true });
        await matching.SettleAsync();

        // Its own council is told of its child as ever; by the other number nobody is, nor is by what comes only now.
        Assert.NotNull(matching.Notified(own)!.Match);
        var later = matching.AnEncounter(Under(newer, child));
        await matching.PublishAsync(later);
        await matching.SettleAsync();
        foreach (
            var (encounter, council) in (IEnumerable<(EncounterReceived, string)>)
                [(across, Hackney), (across, Leeds), (later, Hackney), (later, Leeds)]
        )
        {
            Assert.Null(matching.Notified(encounter, council)?.Match);
        }

        if (last == "the change")
            Assert.Empty(told.All);

        // The reviewer alone sees it; no answer of another route has either number, nor that it was a change.
        var cleared = matching.Service.Client("HUB", "number.review");
        var held = Assert.Single((await cleared.GetFromJsonAsync<List<JsonElement>>("/numbers/changes", Cancelled))!);
        Assert.Equal(
            (id, true, false),
            (
                held.GetProperty("changeId").GetGuid(),
                held.GetProperty("restrictedPlan").GetBoolean(),
                held.GetProperty("restricted").GetBoolean()
            )
        );
        foreach (var council in (string[])[Hackney, Leeds])
        {
            using var client = matching.Service.Client(council, "review.decide", "match.read");
            Assert.Equal(HttpStatusCode.Forbidden, (await client.GetAsync("/numbers/changes", Cancelled)).StatusCode);
            foreach (var path in (string[])["/reviews", "/tasks", $"/matches/{later.EncounterId}"])
            {
                var seen = await client.GetStringAsync(path, Cancelled);
                Assert.DoesNotContain("restricted", seen, StringComparison.OrdinalIgnoreCase);
                Assert.DoesNotContain(id.ToString(), seen, StringComparison.Ordinal);
            }
        }

        Assert.Equal(
            HttpStatusCode.NoContent,
            (
                await cleared.PostAsJsonAsync(
                    $"/numbers/changes/{id}/decide",
                    new { follow = true, reason = "Checked." },
                    Cancelled
                )
            ).StatusCode
        );
        await matching.SettleAsync();
        foreach (var council in (string[])[Hackney, Leeds])
            Assert.NotNull(matching.Notified(later, council)!.Match);

        // A second merge is another change, and the first one's clearance is not its own.
        var newest = Synthetic.NextNhsNumber();
        await PublishAsync(matching, newer, newest, "merge", id: "2");
        var afterwards = matching.AnEncounter(Under(newest, child));
        await matching.PublishAsync(afterwards);
        await matching.SettleAsync();
        Assert.Null(matching.Notified(afterwards));
        Assert.Single((await cleared.GetFromJsonAsync<List<JsonElement>>("/numbers/changes", Cancelled))!);
    }

    [Fact]
    public async Task Following_one_change_to_a_restricted_plan_holds_another_that_it_would_bring_within_reach()
    {
        await using var matching = await StartAsync(servers);
        await matching.Bus.ListenAsync<NumberChanged>();
        var (child, newer, newest) = (Synthetic.AChild(), Synthetic.NextNhsNumber(), Synthetic.NextNhsNumber());
        await matching.PublishAsync(matching.APlan(child) with { Restricted = true });
        await matching.SettleAsync();
        var first = await PublishAsync(matching, NumberOf(child), newer, "merge", id: "1");
        var second = await PublishAsync(matching, newer, newest, "merge", id: "2");
        var cleared = matching.Service.Client("HUB", "number.review");
        Assert.Equal([first], await ChangesAsync(cleared, "held"));

        await cleared.PostAsJsonAsync(
            $"/numbers/changes/{first}/decide",
            new { follow = true, reason = "Checked." },
            Cancelled
        );
        Assert.Equal([second], await ChangesAsync(cleared, "held"));
        var (once, twice) = (matching.AnEncounter(Under(newer, child)), matching.AnEncounter(Under(newest, child)));
        await matching.PublishAsync(once, twice);
        await matching.SettleAsync();
        Assert.NotNull(matching.Notified(once)!.Match);
        Assert.Null(matching.Notified(twice));
    }

    [Fact]
    public async Task A_followed_merge_is_taken_back_with_a_reason_and_a_repeat_changes_nothing()
    {
        await using var matching = await StartAsync(servers);
        var told = await matching.Bus.ListenAsync<NumberChanged>();
        var (child, newer) = (Synthetic.AChild(), Synthetic.NextNhsNumber());
        var plan = matching.APlan(child);
        var (own, across) = (matching.AnEncounter(child), matching.AnEncounter(Under(newer, child)));
        await matching.PublishAsync(plan);
        await matching.SettleAsync();
        await matching.PublishAsync(own, across);
        await matching.SettleAsync();
        var id = await PublishAsync(matching, NumberOf(child), newer, "merge", id: "1");
        await matching.SettleAsync();
        Assert.NotNull(matching.Notified(across)!.Match);

        using var cleared = matching.Service.Client("HUB", "number.review");
        var path = $"/numbers/changes/{id}/undo";
        Assert.Contains(
            "\"reason\"",
            await (await cleared.PostAsJsonAsync(path, new { }, Cancelled)).Content.ReadAsStringAsync(Cancelled),
            StringComparison.Ordinal
        );
        using (var council = matching.Service.Client(Hackney, "review.decide", "match.read"))
        {
            Assert.Equal(
                HttpStatusCode.Forbidden,
                (await council.PostAsJsonAsync(path, new { reason = "x" }, Cancelled)).StatusCode
            );
        }

        Assert.Equal([id], await ChangesAsync(cleared, "followed"));
        Assert.Contains(
            "\"state\"",
            await (await cleared.GetAsync("/numbers/changes?state=gone", Cancelled)).Content.ReadAsStringAsync(
                Cancelled
            ),
            StringComparison.Ordinal
        );
        Assert.Equal(
            HttpStatusCode.NoContent,
            (
                await cleared.PostAsJsonAsync(path, new { reason = "Two children.", reviewer = "cleared-3" }, Cancelled)
            ).StatusCode
        );
        Assert.Equal(
            HttpStatusCode.Conflict,
            (await cleared.PostAsJsonAsync(path, new { reason = "x" }, Cancelled)).StatusCode
        );
        await matching.SettleAsync();

        // Withdrawn is what came of the merge alone; and who comes next is not found by it, nor by what was told again.
        Assert.Equal(WithdrawalReason.NoLongerMatches, matching.Notified(across)!.Withdrawn);
        Assert.NotNull(matching.Notified(own)!.Match);
        var again = await PublishAsync(matching, NumberOf(child), newer, "merge", id: "2");
        var later = matching.AnEncounter(Under(newer, child));
        await matching.PublishAsync(later);
        await matching.SettleAsync();
        Assert.Null(matching.Notified(later));
        Assert.Equal([id, again], await ChangesAsync(cleared, "held"));
        Assert.Equal(
            [(1L, false), (2L, true)],
            (await told.AtLeast(2))
                .OrderBy(changed => changed.Version)
                .Select(changed => (changed.Version, changed.Undone))
        );

        // And back once more, by a person.
        await cleared.PostAsJsonAsync(
            $"/numbers/changes/{id}/decide",
            new { follow = true, reason = "One child after all." },
            Cancelled
        );
        await matching.SettleAsync();
        Assert.NotNull(matching.Notified(later)!.Match);
        Assert.Equal(3, (await told.AtLeast(3)).Max(changed => changed.Version));
        Assert.Equal(
            ["Two children.", "One child after all."],
            (
                await matching.Service.Db(db =>
                    db.Set<AuditRecord>()
                        .Where(row => row.Subject == id && row.Reason != null)
                        .OrderBy(row => row.At)
                        .ToListAsync(Cancelled)
                )
            ).Select(matching.Service.ReasonOf)
        );
    }

    internal static NhsNumber NumberOf(PersonTraits child) => ((PersonIdentifier.Known)child.Identifier).Number;

    private static PersonTraits Under(NhsNumber number, PersonTraits child) =>
        child with
        {
            Identifier = new PersonIdentifier.Known(number),
        };

    private static async Task<IEnumerable<Guid>> ChangesAsync(HttpClient cleared, string state) =>
        (await cleared.GetFromJsonAsync<List<JsonElement>>($"/numbers/changes?state={state}", Cancelled))!.Select(
            change => change.GetProperty("changeId").GetGuid()
        );

    internal static async Task<Guid> PublishAsync(
        MatchingUnderTest matching,
        NhsNumber superseded,
        NhsNumber current,
        string? kind,
        string id = "1",
        bool restricted = false
    )
    {
        var answer = await matching
            .Service.Client("HUB", "number.write")
            .PostAsJsonAsync(
                "/numbers/changes",
                new
                {
                    specversion = "1.0",
                    id,
                    source = "urn:test:demographics",
                    type = "nhs-number-change-2",
                    time = Now,
                    data = new
                    {
                        supersededNhsNumber = superseded.Reveal(),
                        nhsNumber = current.Reveal(),
                        kind,
                        restricted,
                    },
                },
                Cancelled
            );
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        return (await answer.Content.ReadFromJsonAsync<JsonElement>(Cancelled)).GetProperty("changeId").GetGuid();
    }
}
