using System.Net.Http.Json;
using System.Text.Json;
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
        await PutAsync(_council, APlan.Number(1));
        await PutAsync(_council, APlan.Number(2) with { Kind = "looked-after" });
        await PutAsync(_council, APlan.Number(4) with { EndDate = "2025-06-01", StartDate = "2025-01-01" });
        await PutAsync(_council, APlan.Number(5));
        await _council.DeleteAsync(new Uri("/plans/CP-5", UriKind.Relative), Registry.Cancelled);
    }

    public ValueTask DisposeAsync()
    {
        _council.Dispose();
        return _registry.DisposeAsync();
    }

    [Theory]
    [InlineData("", "CP-1 CP-2 CP-3")]
    [InlineData("?status=running", "CP-1 CP-2")]
    [InlineData("?status=ended", "CP-3")]
    [InlineData("?kind=looked-after", "CP-2")]
    [InlineData("?kind=child-protection&status=running", "CP-1")]
    [InlineData("?kind=unborn", "")]
    public async Task Own_plans_are_listed_by_reference_and_narrowed_by_kind_and_status(string query, string expected) =>
        Assert.Equal(expected, string.Join(' ', References(await Registry.GetAsync(_council, $"/plans{query}"))));

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

    [Theory]
    [InlineData("kind=adult", "kind-invalid")]
    [InlineData("status=open", "status-invalid")]
    [InlineData("limit=0", "limit-out-of-range")]
    public async Task What_cannot_be_asked_is_refused_with_its_code(string query, string code)
    {
        var answer = await _council.GetAsync(new Uri($"/plans?{query}", UriKind.Relative), Registry.Cancelled);

        Assert.Equal(400, (int)answer.StatusCode);
        Assert.Equal(code, (await Registry.JsonAsync(answer)).GetProperty("code").GetString());
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
