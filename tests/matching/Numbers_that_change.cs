using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Safeguarding.Contracts;
using Safeguarding.Contracts.Persons;
using Safeguarding.Contracts.Plans;
using Safeguarding.TestKit;
using static Safeguarding.Matching.Tests.MatchingUnderTest;

namespace Safeguarding.Matching.Tests;

public sealed class Numbers_that_change(HubServers servers)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_merge_is_followed_both_ways_and_late_and_told_to_plan_registry_once()
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
        Assert.Null(matching.Told(before));

        var first = await TellAsync(matching, NumberOf(child), newer, "merge", id: "1");
        var again = await TellAsync(matching, NumberOf(child), newer, "merge", id: "1");
        await matching.SettleAsync();
        Assert.Equal(first, again);
        Assert.True(matching.Told(before)!.Match!.Late);
        var changed = Assert.Single(await told.AtLeast(1));
        Assert.Equal((plan.PlanId, Hackney), (changed.PlanId, changed.CouncilCode));
        Assert.Equal(child.Identifier, matching.Sealer.Open(changed.Superseded));

        // A second merge makes a chain: whoever comes under its newest number is found, and by a plan that comes only now.
        await TellAsync(matching, newer, newest, "merge", id: "2");
        var after = matching.AnEncounter(Under(newest, child));
        await matching.PublishAsync(after);
        await matching.SettleAsync();
        Assert.False(matching.Told(after)!.Match!.Late);
        await matching.PublishAsync(matching.APlan(Under(newest, child), Leeds));
        await matching.SettleAsync();
        Assert.NotNull(matching.Told(before, Leeds)!.Match);
    }

    [Theory]
    [InlineData("split", false)]
    [InlineData(null, false)]
    [InlineData("merge", true)]
    public async Task What_is_no_plain_merge_has_no_effect_until_a_cleared_reviewer_follows_it(string? kind, bool restricted)
    {
        await using var matching = await StartAsync(servers);
        await matching.Bus.ListenAsync<NumberChanged>();
        var (child, newer) = (Synthetic.AChild(), Synthetic.NextNhsNumber());
        var encounter = matching.AnEncounter(Under(newer, child));
        await matching.PublishAsync(matching.APlan(child));
        await matching.SettleAsync();
        await matching.PublishAsync(encounter);
        await matching.SettleAsync();

        var id = await TellAsync(matching, NumberOf(child), newer, kind, restricted: restricted);
        await matching.SettleAsync();
        Assert.Null(matching.Told(encounter));

        var cleared = matching.Service.Client("HUB", "number.review");
        var held = Assert.Single((await cleared.GetFromJsonAsync<List<JsonElement>>("/numbers/changes", Cancelled))!);
        Assert.Equal((id, restricted), (held.GetProperty("changeId").GetGuid(), held.GetProperty("restricted").GetBoolean()));
        foreach (var other in (HttpClient[])[matching.Service.Client(Hackney, "review.decide", "match.read"), matching.Service.Client("HUB", "number.write", "ops")])
            Assert.Equal(HttpStatusCode.Forbidden, (await other.GetAsync("/numbers/changes", Cancelled)).StatusCode);

        var path = $"/numbers/changes/{id}/decide";
        Assert.Equal(HttpStatusCode.BadRequest, (await cleared.PostAsJsonAsync(path, new { follow = true }, Cancelled)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await cleared.PostAsJsonAsync($"/numbers/changes/{Guid.CreateVersion7()}/decide", new { follow = true, reason = "x" }, Cancelled)).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await cleared.PostAsJsonAsync(path, new { follow = true, reason = "Checked." }, Cancelled)).StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await cleared.PostAsJsonAsync(path, new { follow = false, reason = "x" }, Cancelled)).StatusCode);
        await matching.SettleAsync();
        Assert.NotNull(matching.Told(encounter)!.Match);
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
            $"/reviews/{review.GetProperty("reviewId").GetGuid()}/resolve", new { version = 1, verdict = "notThisChild", reason = "Seen." }, Cancelled);

        await TellAsync(matching, NumberOf(child), newer, "merge");
        await matching.SettleAsync();
        Assert.Null(matching.Told(encounter));

        var answer = await matching.Service.Client("HUB", "number.write").PostAsJsonAsync(
            "/numbers/changes", new { specversion = "0.3", type = "other", data = new { supersededNhsNumber = "1234567890" } }, Cancelled);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var text = await answer.Content.ReadAsStringAsync(Cancelled);
        foreach (var field in (string[])["specversion", "id", "source", "type", "data.supersededNhsNumber", "data.nhsNumber"])
            Assert.Contains($"\"{field}\"", text, StringComparison.Ordinal);
        Assert.DoesNotContain("1234567890", text, StringComparison.Ordinal);
    }

    private static NhsNumber NumberOf(PersonTraits child) => ((PersonIdentifier.Known)child.Identifier).Number;

    private static PersonTraits Under(NhsNumber number, PersonTraits child) => child with { Identifier = new PersonIdentifier.Known(number) };

    private static async Task<Guid> TellAsync(
        MatchingUnderTest matching, NhsNumber superseded, NhsNumber current, string? kind, string id = "1", bool restricted = false)
    {
        var answer = await matching.Service.Client("HUB", "number.write").PostAsJsonAsync("/numbers/changes", new
        {
            specversion = "1.0",
            id,
            source = "urn:test:demographics",
            type = "nhs-number-change-2",
            time = Now,
            data = new { supersededNhsNumber = superseded.Reveal(), nhsNumber = current.Reveal(), kind, restricted },
        }, Cancelled);
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        return (await answer.Content.ReadFromJsonAsync<JsonElement>(Cancelled)).GetProperty("changeId").GetGuid();
    }
}
