using System.Net.Http.Headers;
using Safeguarding.Contracts.Plans;
using Safeguarding.TestKit;

namespace Safeguarding.PlanRegistry.Tests;

/// <summary>A registry with a council that can be rung, and people who look children up.</summary>
public sealed class RegistryForLookUps(HubServers servers) : IAsyncLifetime
{
    private int _children = 100;

    public HubServers Servers => servers;

    public Registry Registry { get; private set; } = null!;

    public EventsSeen<PlanLookedUp> Notified { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Registry = await Registry.StartAsync(
            servers,
            settings: new Dictionary<string, string?> { ["RequestLimits:LookupsPerMinute"] = "1000" }
        );
        Notified = await Registry.Service.Bus.ListenAsync<PlanLookedUp>();
        using var hackney = Registry.Council();
        var card = new
        {
            name = "Hackney (synthetic)",
            officePhone = "020 7946 0001",
            emergencyDutyPhone = "020 7946 0002",
        };
        (
            await hackney.PutAsync($"/councils/{Registry.Hackney}", Registry.Json(card), Registry.Cancelled)
        ).EnsureSuccessStatusCode();
    }

    public ValueTask DisposeAsync() => Registry.DisposeAsync();

    public APlan AnUnknownChild() => APlan.Number(Interlocked.Increment(ref _children));

    public AuthenticationHeaderValue Bearer(
        string organisation,
        string role,
        string person = "1",
        string acr = "aal2"
    ) => new("Bearer", servers.Issuer.PersonToken(organisation, role, person, acr));

    public HttpClient Person(string organisation, string role, string person = "1", string acr = "aal2")
    {
        var client = Registry.Service.Anonymous();
        client.DefaultRequestHeaders.Authorization = Bearer(organisation, role, person, acr);
        return client;
    }

    public async Task<APlan> AChildAsync(bool restricted = false, string? endDate = null)
    {
        var plan = AnUnknownChild() with { Restricted = restricted, EndDate = endDate };
        await PutAsync(Registry.Hackney, plan);
        return plan;
    }

    /// <summary>What a person reads who looks a child up, as it came.</summary>
    public static async Task<string> LookUpAsync(HttpClient person, object body, string? request = null)
    {
        using var message = new HttpRequestMessage(HttpMethod.Post, "/lookups") { Content = Registry.Json(body) };
        message.Headers.Add("X-Request-Id", request ?? Guid.CreateVersion7().ToString());
        using var answer = await person.SendAsync(message, Registry.Cancelled);
        var text = await answer.Content.ReadAsStringAsync(Registry.Cancelled);
        Assert.True(answer.IsSuccessStatusCode, text);
        return text;
    }

    public async Task PutAsync(string council, APlan plan)
    {
        using var client = Registry.Council(council);
        var answer = await client.PutAsync($"/plans/{plan.Reference}", Registry.Json(plan.Body), Registry.Cancelled);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Registry.Cancelled));
    }
}
