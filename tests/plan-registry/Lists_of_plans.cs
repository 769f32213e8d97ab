using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Safeguarding.TestKit;

namespace Safeguarding.PlanRegistry.Tests;

/// <summary>A council leafs through its register without seeing a child's name.</summary>
public sealed class Lists_of_plans(HubServers servers) : IAsyncLifetime
{
    private Registry _registry = null!;
    private HttpClient _council = null!;

    public async ValueTask InitializeAsync()
    {
        _registry = await Registry.StartAsync(servers);
        _council = _registry.Council();
        using var kent = _registry.Council(Registry.Kent);
        await PutAsync(kent, APlan.Number(9));
        await PutAsync(_council, APlan.Number(3) with { EndDate = "2026-11-01" });
        await PutAsync(_council, APlan.Number(1) with { Restricted = true });
        await PutAsync(_council, APlan.Number(2) with { Kind = "looked-after" });
        await PutAsync(_council, APlan.Number(4));
        // Nobody can register what ended so long ago; it was registered before.
        await _registry.Service.Db(db =>
            db.Plans.Where(plan => plan.Reference == "CP-4")
                .ExecuteUpdateAsync(
                    plan => plan.SetProperty(row => row.EndDate, Registry.Today.AddMonths(-13)),
                    Registry.Cancelled
                )
        );
        await PutAsync(_council, APlan.Number(5));
        await _council.DeleteAsync(new Uri("/plans/CP-5", UriKind.Relative), Registry.Cancelled);
    }

    public ValueTask DisposeAsync()
    {
        _council.Dispose();
        return _registry.DisposeAsync();
    }

    [Fact]
    public async Task Own_plans_are_listed_by_reference_and_narrowed_by_kind_and_status()
    {
        foreach (
            var (query, expected) in new[]
            {
                ("", "CP-1 CP-2 CP-3"),
                ("?status=running", "CP-1 CP-2"),
                ("?status=ended", "CP-3"),
                ("?kind=looked-after", "CP-2"),
                ("?kind=child-protection&status=running", "CP-1"),
                ("?kind=unborn", ""),
                ("?restricted=true", "CP-1"),
                ("?restricted=false&status=running", "CP-2"),
            }
        )
        {
            var listed = string.Join(' ', References(await Registry.GetAsync(_council, $"/plans{query}")));
            Assert.True(expected == listed, $"{query}: {listed}");
        }

        foreach (
            var (query, code) in new[]
            {
                ("kind=adult", "kind-invalid"),
                ("status=open", "status-invalid"),
                ("limit=0", "limit-out-of-range"),
            }
        )
        {
            var answer = await _council.GetAsync(new Uri($"/plans?{query}", UriKind.Relative), Registry.Cancelled);
            Assert.Equal(400, (int)answer.StatusCode);
            Assert.Equal(code, (await Registry.JsonAsync(answer)).GetProperty("code").GetString());
        }
    }

    [Fact]
    public async Task Pages_hold_each_plan_once_and_say_nothing_of_whom_they_are_about()
    {
        var first = await Registry.GetAsync(_council, "/plans?limit=2");
        var second = await Registry.GetAsync(_council, $"/plans?limit=2&after={first.GetProperty("next").GetString()}");

        Assert.Equal(["CP-1", "CP-2"], References(first));
        Assert.Equal(["CP-3"], References(second));
        Assert.False(second.TryGetProperty("next", out _));
        var listed = first.GetProperty("plans")[1];
        Assert.Equal(
            ("looked-after", "running", 1, false),
            (
                listed.GetProperty("kind").GetString(),
                listed.GetProperty("status").GetString(),
                listed.GetProperty("version").GetInt32(),
                listed.GetProperty("restricted").GetBoolean()
            )
        );
        Assert.All(new[] { "Dorfield", "Robyn", APlan.Number(1).NhsNumber!, "2014" }, canary =>
            Assert.DoesNotContain(canary, first.GetRawText(), StringComparison.Ordinal)
        );
    }

    private static IEnumerable<string?> References(JsonElement page) =>
        page.GetProperty("plans").EnumerateArray().Select(plan => plan.GetProperty("reference").GetString());

    private static async Task PutAsync(HttpClient council, APlan plan) =>
        Assert.True(
            (
                await council.PutAsJsonAsync($"/plans/{plan.Reference}", plan.Body, Registry.Cancelled)
            ).IsSuccessStatusCode
        );
}
