using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Safeguarding.Contracts.Councils;
using Safeguarding.Contracts.Encounters;
using Safeguarding.Contracts.Matches;
using Safeguarding.Contracts.Plans;
using Safeguarding.Hosting.Privacy;
using Safeguarding.Messaging;
using Safeguarding.Notification.Delivery;
using Safeguarding.Notification.Domain.Alerts;
using Safeguarding.Notification.Storage;
using Safeguarding.TestKit;

[assembly: AssemblyFixture(typeof(HubServers))]

namespace Safeguarding.Notification.Tests;

/// <summary>
/// A running notification service with the matching service played by the test. Each test takes councils of
/// its own.
/// </summary>
public class Hub(HubServers servers) : IAsyncLifetime
{
    /// <summary>As in the demo: receivers are plain http on loopback.</summary>
    internal static readonly Dictionary<string, string?> Settings = new()
    {
        ["Webhooks:AllowHttp"] = "true",
        ["Webhooks:AllowPrivateNetworks"] = "true",
        // Long enough for a busy machine; where the clock is the test's, it passes in no time.
        ["Webhooks:RequestTimeout"] = "00:00:20",
    };

    private static int s_councils;
    private ServiceUnderTest<NotificationDb>? _service;

    internal ServiceUnderTest<NotificationDb> Service => _service!;

    internal Sealer Sealer => Service.Surroundings.Keys.Sealer;

    internal virtual FakeTimeProvider? Clock => null;

    public async ValueTask InitializeAsync() =>
        _service = await ServiceUnderTest<NotificationDb>.StartAsync(servers, Settings, Clock);

    /// <summary>Another replica beside the first.</summary>
    internal Task<ServiceUnderTest<NotificationDb>> StartReplica() =>
        ServiceUnderTest<NotificationDb>.StartAsync(servers, Settings, Clock, Service.Surroundings);

    public async ValueTask DisposeAsync()
    {
        await Service.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>
    /// Waits until no call is under way: a clock that is moved meanwhile would be its time-out. One to an endpoint that
    /// hangs does not end by itself.
    /// </summary>
    internal static async Task FinishCalls(ServiceUnderTest<NotificationDb> service, bool hangs = false) =>
        await service
            .Services.GetRequiredService<AlertCourier>()
            .FinishAsync()
            .WaitAsync(TimeSpan.FromSeconds(hangs ? 1 : 30), TestContext.Current.CancellationToken)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    internal Desk ACouncil() => new(Service, ACouncilCode());

    internal static string ACouncilCode() => $"E06{Interlocked.Increment(ref s_councils):D6}";

    internal EncounterMatched AMatch(Desk council) => AMatch(council.Code, Sealer);

    internal static EncounterMatched AMatch(string councilCode, Sealer sealer) =>
        new(
            Guid.CreateVersion7(),
            councilCode,
            1,
            [new MatchedPlan(Guid.CreateVersion7(), "CP-1041", PlanKind.ChildProtection, MatchRole.Child)],
            0.9995,
            "2026.11",
            false,
            EncounterStatus.Arrived,
            TimeProvider.System.GetUtcNow().AddMinutes(-10),
            null,
            TimeProvider.System.GetUtcNow(),
            sealer.Seal(APlace),
            ["448021000000103"],
            ["99.95 % likely to be the same child. 99.9 % is needed to alert by itself.", "Given name: the same."],
            MatchDecider.Rules
        );

    internal static Place APlace { get; } =
        new(
            "RYJ",
            "Imperial Synthetic Trust",
            "RYJ01",
            "St Elsewhere",
            CareSetting.EmergencyDepartment,
            "020 7946 0000"
        );

    internal Task Publish<TEvent>(params TEvent[] events)
        where TEvent : class => Service.Bus.PublishAsync(events);

    internal Task<T> Db<T>(Func<NotificationDb, Task<T>> read) => Service.Db(read);

    internal static CouncilContactChanged AContact(string code, long version = 1, string name = "Synthetic Borough") =>
        new(
            code,
            version,
            name,
            "020 7946 0101",
            "020 7946 0999",
            [new OfficeHours(DayOfWeek.Monday, new TimeOnly(9, 0), new TimeOnly(17, 0))],
            [new DateOnly(2026, 12, 25)]
        );
}

/// <summary>A hub whose clock stands still until the test moves it.</summary>
public sealed class HubWithClock(HubServers servers) : Hub(servers)
{
    internal override FakeTimeProvider Clock { get; } = new(TimeProvider.System.GetUtcNow());

    /// <summary>
    /// Moves the clock in steps, as a poll would live through it, until the condition holds. A call under way may end
    /// first.
    /// </summary>
    internal Task Pass(TimeSpan step, Func<bool> until, bool hangs = false) =>
        Eventually.UntilAsync(async () =>
        {
            await FinishCalls(Service, hangs);
            Clock.Advance(step);
            return until();
        });
}

/// <summary>A council's system: what it may call, and short words for calling it.</summary>
internal sealed class Desk(ServiceUnderTest<NotificationDb> service, string code, params string[] scopes)
{
    public string Code => code;

    public HttpClient Http { get; } =
        service.Client(code, scopes is [] ? ["alert.read", "alert.ack", "subscription.write", "rules.write"] : scopes);

    public async Task<string> Subscribe(Uri url, string payload = "thin", string name = "case-system")
    {
        var answer = await Http.PutAsJsonAsync($"/subscriptions/{name}", new { url, payload });
        Assert.Equal(201, (int)answer.StatusCode);
        return (await Json(answer)).GetProperty("secret").GetString()!;
    }

    public async Task<List<JsonElement>> Claim(int max = 10, int leaseSeconds = 60)
    {
        var answer = await Http.PostAsJsonAsync("/alerts/claim", new { max, leaseSeconds });
        Assert.True((int)answer.StatusCode is 201 or 204, answer.StatusCode.ToString());
        return (int)answer.StatusCode == 204 ? [] : [.. (await Json(answer)).GetProperty("alerts").EnumerateArray()];
    }

    /// <summary>Claims until there is one, since a claim passes over what a delivery is just writing.</summary>
    public async Task<JsonElement> ClaimOne() =>
        (await Eventually.UntilAsync(() => Claim(1), claimed => claimed.Count == 1))[0];

    public async Task<List<JsonElement>> Alerts(string query = "") =>
        [.. (await Get($"/alerts{query}")).GetProperty("alerts").EnumerateArray()];

    /// <summary>Waits until the council has an alert that fits, and returns it.</summary>
    public async Task<JsonElement> Alert(Func<JsonElement, bool> fits)
    {
        var alerts = await Eventually.UntilAsync(() => Alerts(), alerts => alerts.Any(fits));
        return alerts.First(fits);
    }

    public async Task<JsonElement> Get(string path)
    {
        var answer = await Http.GetAsync(new Uri(path, UriKind.Relative));
        Assert.Equal(200, (int)answer.StatusCode);
        return await Json(answer);
    }

    public async Task<(int Status, JsonElement Body)> Post(string path, object? body = null)
    {
        var answer = body is null
            ? await Http.PostAsync(new Uri(path, UriKind.Relative), null)
            : await Http.PostAsJsonAsync(path, body, HubJson.Options);
        return ((int)answer.StatusCode, await Json(answer));
    }

    public async Task<(int Status, string Body)> Put(string path, object body)
    {
        var answer = await Http.PutAsJsonAsync(path, body, HubJson.Options);
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>Waits until an alert's history has an attempt with this outcome, and returns the newest such.</summary>
    public async Task<JsonElement> Attempt(Guid alertId, string outcome)
    {
        var attempts = await Eventually.UntilAsync(
            () => Attempts(alertId),
            attempts => attempts.Any(attempt => attempt.Text("outcome") == outcome)
        );
        return attempts.First(attempt => attempt.Text("outcome") == outcome);
    }

    public async Task<List<string>> Deeds(JsonElement alert) =>
        [
            .. (await Get($"/alerts/{alert.Id()}/history"))
                .GetProperty("entries")
                .EnumerateArray()
                .Select(entry => entry.GetProperty("deed").GetString()!),
        ];

    public async Task<List<JsonElement>> Attempts(Guid alertId) =>
        [.. (await Get($"/alerts/{alertId}/history")).GetProperty("attempts").EnumerateArray()];

    internal static async Task<JsonElement> Json(HttpResponseMessage answer)
    {
        var text = await answer.Content.ReadAsStringAsync();
        return text.Length == 0 ? default : JsonSerializer.Deserialize<JsonElement>(text);
    }
}

internal static class JsonReading
{
    public static Guid Id(this JsonElement alert) => alert.GetProperty("id").GetGuid();

    public static string Text(this JsonElement json, params string[] path) =>
        path.Aggregate(json, (element, name) => element.GetProperty(name)).GetString()!;
}
