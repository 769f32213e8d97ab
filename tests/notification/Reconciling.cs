using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Safeguarding.Contracts.Encounters;
using Safeguarding.Contracts.Matches;
using Safeguarding.Contracts.Plans;
using Safeguarding.TestKit;

namespace Safeguarding.Notification.Tests;

/// <summary>A supplier asks what has changed since it asked last.</summary>
public sealed class Reconciling(Hub hub) : IClassFixture<Hub>
{
    [Theory]
    [InlineData("raised", true)]
    [InlineData("amended", true)]
    [InlineData("withdrawn", true)]
    [InlineData("acknowledged", true)]
    [InlineData("refused", true)]
    [InlineData("delivered", true)]
    [InlineData("claimed", false)]
    [InlineData("read", false)]
    [InlineData("listed", false)]
    public async Task What_its_council_sees_of_an_alert_is_a_change_and_reading_it_is_none(string what, bool isChange)
    {
        await using var receiver = await Receiver.StartAsync();
        var council = hub.ACouncil();
        if (what == "delivered")
            await council.Subscribe(receiver.Url);
        if (what == "delivered")
            await council.Put("/subscriptions/case-system", new { url = receiver.Url, enabled = false });
        var match = hub.AMatch(council);
        if (what != "raised")
        {
            await hub.Publish(match);
            await council.Alert(_ => true);
        }
        var (before, cursor) = await Changes(council, 0);

        var id = before.Count == 0 ? default : before[0].Id();
        switch (what)
        {
            case "raised":
                await hub.Publish(match);
                break;
            case "amended":
                await hub.Publish(match with { Version = 2, Status = EncounterStatus.Triaged });
                break;
            case "withdrawn":
                await hub.Publish(
                    new MatchWithdrawn(match.EncounterId, council.Code, 2, WithdrawalReason.EncounterCancelled)
                );
                break;
            case "acknowledged":
                await council.Post($"/alerts/{id}/acknowledge");
                break;
            case "refused":
                await council.Post($"/alerts/{id}/refuse", new { reason = "notOurs" });
                break;
            case "delivered":
                await council.Put("/subscriptions/case-system", new { url = receiver.Url, enabled = true });
                break;
            case "claimed":
                await council.ClaimOne();
                break;
            case "read":
                await council.Get($"/alerts/{id}");
                break;
            default:
                await council.Alerts();
                break;
        }

        if (!isChange)
        {
            Assert.Equal(
                (0, cursor),
                ((await Changes(council, cursor)).Alerts.Count, (await Changes(council, cursor)).Cursor)
            );
            Assert.Equal(before[0].Text("changedAt"), (await council.Alerts())[0].Text("changedAt"));
            return;
        }
        var (changed, next) = await Eventually.UntilAsync(
            () => Changes(council, cursor),
            changes => changes.Alerts.Count == 1
        );
        Assert.Equal(
            what == "amended" ? ("raised", "amended") : (what, changed[0].Text("news")),
            (changed[0].Text("state"), changed[0].Text("news"))
        );
        Assert.True(next > cursor);
        Assert.True(
            before.Count == 0
                || changed[0].GetProperty("changedAt").GetDateTimeOffset()
                    > before[0].GetProperty("changedAt").GetDateTimeOffset()
        );
        Assert.Empty((await Changes(council, next)).Alerts);
    }

    [Fact]
    public async Task A_change_that_commits_after_later_ones_were_read_is_not_passed_over()
    {
        var council = hub.ACouncil();
        await hub.Publish(hub.AMatch(council), hub.AMatch(council));
        var alerts = await Eventually.UntilAsync(() => council.Alerts(), alerts => alerts.Count == 2);
        var (_, cursor) = await Changes(council, 0);
        await using var connection = new Npgsql.NpgsqlConnection(hub.Service.Surroundings.Database);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var open = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using var slow = connection.CreateCommand();
        slow.CommandText = "UPDATE notification.alert SET change = 'slow' WHERE id = @id";
        slow.Parameters.AddWithValue("id", alerts[0].Id());
        await slow.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);

        await council.Post($"/alerts/{alerts[1].Id()}/acknowledge");
        var (quick, next) = await Changes(council, cursor);
        Assert.Equal(alerts[1].Id(), Assert.Single(quick).Id());
        await open.CommitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(alerts[0].Id(), Assert.Single((await Changes(council, next)).Alerts).Id());
    }

    [Fact]
    public async Task Whoever_follows_the_cursor_while_two_replicas_write_ends_with_what_the_hub_has()
    {
        await using var replica = await hub.StartReplica();
        var council = hub.ACouncil();
        var matches = Enumerable.Range(0, 120).Select(_ => hub.AMatch(council)).ToList();
        var writing = Task.WhenAll(
            matches
                .Chunk(10)
                .Select(async pack =>
                {
                    await hub.Publish(pack);
                    await hub.Publish([
                        .. pack.Select(match => match with { Version = 2, Status = EncounterStatus.Triaged }),
                    ]);
                    // A withdrawal that came before its match would keep the alert from ever being raised.
                    var encounters = pack.Select(match => match.EncounterId).ToHashSet();
                    await Eventually.UntilAsync(
                        () => hub.Db(db => db.Alerts.CountAsync(alert => encounters.Contains(alert.EncounterId))),
                        raised => raised == pack.Length
                    );
                    await hub.Publish([
                        .. pack.Select(match => new MatchWithdrawn(
                            match.EncounterId,
                            council.Code,
                            3,
                            WithdrawalReason.EncounterCancelled
                        )),
                    ]);
                })
        );

        var followers = await Task.WhenAll(
            Enumerable
                .Range(0, 2)
                .Select(async _ =>
                {
                    Dictionary<Guid, string> known = [];
                    long cursor = 0;
                    await Eventually.UntilAsync(async () =>
                    {
                        var (changed, next) = await Changes(council, cursor, "&limit=7");
                        Assert.True(next >= cursor);
                        cursor = next;
                        foreach (var alert in changed)
                            known[alert.Id()] = $"{alert.Text("state")} {alert.GetProperty("version")}";
                        return known.Count == 120
                            && known.Values.All(state => state.StartsWith("withdrawn", StringComparison.Ordinal));
                    });
                    return known;
                })
        );
        await writing;

        var held = (await council.Alerts("?limit=200")).ToDictionary(
            alert => alert.Id(),
            alert => $"{alert.Text("state")} {alert.GetProperty("version")}"
        );
        Assert.All(followers, known => Assert.Equal(held.OrderBy(pair => pair.Key), known.OrderBy(pair => pair.Key)));
    }

    [Fact]
    public async Task Alerts_are_listed_by_a_plans_reference_by_their_council_only()
    {
        var (council, other) = (hub.ACouncil(), hub.ACouncil());
        var plan = new MatchedPlan(Guid.CreateVersion7(), "CP/7 \"ä\"", PlanKind.ChildProtection, MatchRole.Child);
        await hub.Publish(
            hub.AMatch(council) with
            {
                Plans = [plan],
            },
            hub.AMatch(council),
            hub.AMatch(other) with
            {
                Plans = [plan],
            }
        );
        await Eventually.UntilAsync(() => council.Alerts(), alerts => alerts.Count == 2);
        await Eventually.UntilAsync(() => other.Alerts(), alerts => alerts.Count == 1);
        var query = $"plan={Uri.EscapeDataString(plan.Reference)}";

        Assert.Equal(
            plan.Reference,
            Assert.Single(await council.Alerts($"?{query}")).GetProperty("plans")[0].Text("reference")
        );
        Assert.Single((await Changes(council, 0, $"&{query}")).Alerts);
        Assert.Empty(await council.Alerts("?plan=CP"));
    }

    [Theory]
    [InlineData("changedAfter=5000000", 409, "changed-after-unknown")]
    [InlineData("changedAfter=-1", 409, "changed-after-unknown")]
    [InlineData("changedAfter=yesterday", 400, "request-unreadable")]
    [InlineData("changedAfter=0&state=raised", 400, "changed-after-alone")]
    [InlineData("changedAfter=0&overdue=true", 400, "changed-after-alone")]
    [InlineData("changedAfter=0&before=01a214bd-cc1a-730e-95d0-56b7aadc991e", 400, "changed-after-alone")]
    [InlineData("plan=", 400, "plan-unusable")]
    [InlineData("changed_after=0", 400, "parameter-unknown")]
    public async Task What_cannot_be_asked_is_refused_by_name(string query, int status, string code)
    {
        var answer = await hub.ACouncil()
            .Http.GetAsync(new Uri($"/alerts?{query}", UriKind.Relative), TestContext.Current.CancellationToken);

        var problem = JsonSerializer.Deserialize<JsonElement>(
            await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)
        );
        Assert.Equal((status, code), ((int)answer.StatusCode, problem.Text("code")));
    }

    private static async Task<(List<JsonElement> Alerts, long Cursor)> Changes(
        Desk council,
        long after,
        string more = ""
    )
    {
        var page = await council.Get($"/alerts?changedAfter={after}{more}");
        return ([.. page.GetProperty("alerts").EnumerateArray()], page.GetProperty("changedAfter").GetInt64());
    }
}
