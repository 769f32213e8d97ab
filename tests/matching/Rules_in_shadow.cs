using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using Safeguarding.Contracts.Encounters;
using Safeguarding.Contracts.Matches;
using Safeguarding.Contracts.Persons;
using Safeguarding.Contracts.Plans;
using Safeguarding.Matching.Rules.Model;
using Safeguarding.TestKit;
using static Safeguarding.Matching.Tests.MatchingUnderTest;

namespace Safeguarding.Matching.Tests;

public sealed class Rules_in_shadow(HubServers servers) : IDisposable
{
    // So dear a wrong alert that nobody is told without being asked.
    private static readonly Parameters Cautious = Parameters.Default with
    {
        Version = "cautious",
        Costs = Parameters.Default.Costs with { WrongAlert = 1e15 },
    };

    private readonly string _document = Path.GetTempFileName();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_they_would_decide_differently_is_listed_and_counted_for_operators_and_sent_to_nobody()
    {
        await using var matching = await StartAsync(servers, Running(Cautious));
        var (child, other) = (Synthetic.AChild(), Synthetic.AChild());
        var plan = matching.APlan(child);
        var (first, second, nobody) = (
            matching.AnEncounter(child),
            matching.AnEncounter(child),
            matching.AnEncounter(other)
        );
        await matching.PublishAsync(first, nobody);
        await matching.SettleAsync();
        // First is matched late, second at once.
        await matching.PublishAsync(plan);
        await matching.SettleAsync();
        await matching.PublishAsync(second);
        await matching.SettleAsync();

        Assert.NotNull(matching.Notified(first)!.Match);
        Assert.NotNull(matching.Notified(second)!.Match);
        Assert.Equal(0, await matching.CountAsync("matching.review"));
        using var ops = matching.Service.Client("HUB", "ops");
        var text = await ops.GetStringAsync("/shadow/differences", Cancelled);
        var items = JsonDocument.Parse(text).RootElement.GetProperty("differences").EnumerateArray().ToList();
        Assert.Equal(
            [second.EncounterId, first.EncounterId],
            items.Select(item => item.GetProperty("encounterId").GetGuid())
        );
        Assert.All(items, item =>
        {
            Assert.Equal(
                (Hackney, "matched", "needsReview"),
                (Text(item, "councilCode"), Text(item, "live"), Text(item, "shadow"))
            );
            Assert.Equal(plan.PlanId, Assert.Single(item.GetProperty("planIds").EnumerateArray()).GetGuid());
            Assert.Equal(
                item.GetProperty("livePosterior").GetDouble(),
                item.GetProperty("shadowPosterior").GetDouble()
            );
            Assert.Contains(Parameters.Default.Version, Text(item, "liveVersion"), StringComparison.Ordinal);
            Assert.Contains("cautious", Text(item, "shadowVersion"), StringComparison.Ordinal);
        });
        foreach (
            var trait in (string[])
                [child.Names[0].Family!, ((PersonIdentifier.Known)child.Identifier).Number.Reveal(), plan.Reference]
        )
        {
            Assert.DoesNotContain(trait, text, StringComparison.OrdinalIgnoreCase);
        }

        Assert.Equal([("matched", "needsReview", 2)], await SummaryAsync(ops));

        var page = await ops.GetFromJsonAsync<JsonElement>("/shadow/differences?limit=1", Cancelled);
        var next = await ops.GetFromJsonAsync<JsonElement>(
            $"/shadow/differences?limit=1&before={page.GetProperty("before").GetGuid()}",
            Cancelled
        );
        Assert.Equal(
            first.EncounterId,
            Assert.Single(next.GetProperty("differences").EnumerateArray()).GetProperty("encounterId").GetGuid()
        );
        Assert.Empty(await SummaryAsync(ops, $"?to={Uri.EscapeDataString(Now.AddHours(-1).ToString("O"))}"));
        Assert.Contains(
            "\"from\"",
            await RefusalAsync(ops, "?from=2026-11-27T00:00:00Z&to=2026-11-26T00:00:00Z"),
            StringComparison.Ordinal
        );
        Assert.Contains("\"limit\"", await RefusalAsync(ops, "?limit=0"), StringComparison.Ordinal);
        using var council = matching.Service.Client(Hackney, "match.read", "review.decide");
        foreach (var path in (string[])["/shadow/differences", "/shadow/differences/summary"])
            Assert.Equal(HttpStatusCode.Forbidden, (await council.GetAsync(path, Cancelled)).StatusCode);

        // Decided again, it is no difference any more.
        await matching.PublishAsync(second with { Version = 2, Status = EncounterStatus.EnteredInError });
        await matching.SettleAsync();
        Assert.Equal([("matched", "needsReview", 1)], await SummaryAsync(ops));
        await matching.PublishAsync(new PlanDeleted(plan.PlanId, 2, Hackney));
        await matching.SettleAsync();
        Assert.Empty(await SummaryAsync(ops));
        Assert.Equal(WithdrawalReason.PlanDeleted, matching.Notified(first)!.Withdrawn);
    }

    [Fact]
    public async Task A_version_that_fails_costs_nobody_an_alert()
    {
        var without = Cautious.Traits.Where(trait => trait.Key != "givenName").ToDictionary();
        await using var matching = await StartAsync(servers, Running(Cautious with { Traits = without }));
        var child = Synthetic.AChild();
        var (early, late) = (matching.AnEncounter(child), matching.AnEncounter(child));
        await matching.PublishAsync(early);
        await matching.SettleAsync();
        await matching.PublishAsync(matching.APlan(child));
        await matching.SettleAsync();
        await matching.PublishAsync(late);
        await matching.SettleAsync();

        Assert.NotNull(matching.Notified(early)!.Match);
        Assert.NotNull(matching.Notified(late)!.Match);
        Assert.Equal(0, await matching.CountAsync("matching.shadow_difference"));
    }

    [Fact]
    public async Task What_only_they_find_in_a_late_plan_is_a_difference_too()
    {
        // Whoever comes is taken for a stranger here, so that the rules in force find almost nobody.
        var clock = new FakeTimeProvider(Now);
        var blind = Parameters.Default with
        {
            Version = "blind",
            Register = Parameters.Default.Register with { OnRegister = 1e-15 },
        };
        var settings = Running(Parameters.Default with { Version = "seeing" });
        var inForce = Path.GetTempFileName();
        Write(blind, inForce);
        settings["Rules:Parameters"] = inForce;
        await using var matching = await StartAsync(servers, settings, clock);
        var child = Synthetic.AChild() with { Identifier = new PersonIdentifier.Unknown() };
        var encounter = matching.AnEncounter(child);
        await matching.PublishAsync(encounter);
        await matching.SettleAsync();
        await matching.PublishAsync(matching.APlan(child));
        await matching.SettleAsync();

        Assert.Null(matching.Notified(encounter));
        using var ops = matching.Service.Client("HUB", "ops");
        Assert.Equal("noMatch", Assert.Single(await SummaryAsync(ops)).Live);

        for (var hour = 0; hour < 97; hour++)
            clock.Advance(TimeSpan.FromHours(1));
        await Eventually.UntilAsync(() => matching.CountAsync("matching.shadow_difference"), count => count == 0);
        File.Delete(inForce);
    }

    [Fact]
    public async Task Parameters_in_force_that_lack_a_level_stop_the_service_at_the_start()
    {
        var levels = Cautious.Traits["birthDate"];
        var without = levels with { Levels = [.. levels.Levels.Where(level => level.Level != "adult")] };
        Write(
            Cautious with
            {
                Traits = Cautious
                    .Traits.Append(new("birthDate", without))
                    .Reverse()
                    .DistinctBy(trait => trait.Key)
                    .ToDictionary(),
            },
            _document
        );

        var refused = await Assert.ThrowsAnyAsync<Exception>(() =>
            StartAsync(servers, new Dictionary<string, string?> { ["Rules:Parameters"] = _document })
        );

        Assert.Contains("lack the level adult of birthDate", refused.ToString(), StringComparison.Ordinal);
    }

    public void Dispose() => File.Delete(_document);

    private Dictionary<string, string?> Running(Parameters shadow)
    {
        Write(shadow, _document);
        return new() { ["Rules:Shadow"] = _document };
    }

    private static void Write(Parameters parameters, string path)
    {
        using var json = File.Create(path);
        parameters.Write(json);
    }

    private static async Task<List<(string? Live, string? Shadow, int Count)>> SummaryAsync(
        HttpClient ops,
        string query = ""
    ) =>
        [
            .. (
                await ops.GetFromJsonAsync<List<JsonElement>>($"/shadow/differences/summary{query}", Cancelled)
            )!.Select(change => (Text(change, "live"), Text(change, "shadow"), change.GetProperty("count").GetInt32())),
        ];

    private static async Task<string> RefusalAsync(HttpClient ops, string query)
    {
        var answer = await ops.GetAsync($"/shadow/differences{query}", Cancelled);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        return await answer.Content.ReadAsStringAsync(Cancelled);
    }

    private static string? Text(JsonElement json, string name) => json.GetProperty(name).GetString();
}
