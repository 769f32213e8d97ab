using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using Safeguarding.Contracts.Councils;
using Safeguarding.Contracts.Plans;
using Safeguarding.Hosting;
using Safeguarding.Messaging;
using Safeguarding.PlanRegistry.Storage;
using Safeguarding.TestKit;

namespace Safeguarding.PlanRegistry.Tests;

/// <summary>A running plan registry with two councils that call it.</summary>
public sealed class Registry : IAsyncDisposable
{
    public const string Hackney = "E09000012";
    public const string Kent = "E10000016";

    private static readonly string[] AllScopes = ["plan.read", "plan.write", "upload.renumber", "council.write"];

    private readonly Surroundings? _own;

    private Registry(ServiceUnderTest<PlanRegistryDb> service, FakeTimeProvider clock, Surroundings? own) =>
        (Service, Clock, _own) = (service, clock, own);

    public ServiceUnderTest<PlanRegistryDb> Service { get; }

    public FakeTimeProvider Clock { get; }

    public static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>The day it is in the tests.</summary>
    public static DateOnly Today { get; } = new(2026, 11, 22);

    public static async Task<Registry> StartAsync(
        HubServers servers,
        Surroundings? surroundings = null,
        IReadOnlyDictionary<string, string?>? settings = null,
        bool ownKeys = false
    )
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 11, 22, 10, 0, 0, TimeSpan.Zero));
        var own = surroundings is null;
        surroundings ??= await Surroundings.CreateAsync(servers, ownKeys, typeof(PlanRegistryDb));
        await DrainAsync(surroundings.VirtualHost);
        return new Registry(
            await ServiceUnderTest<PlanRegistryDb>.StartAsync(servers, settings, clock, surroundings: surroundings),
            clock,
            own ? surroundings : null
        );
    }

    // A queue that keeps nothing, so that the broker takes every event while no listener runs.
    private static async Task DrainAsync(VirtualHost virtualHost)
    {
        string[] events =
        [
            .. new[]
            {
                typeof(PlanRegistered),
                typeof(PlanAmended),
                typeof(PlanEnded),
                typeof(PlanDeleted),
                typeof(CouncilContactChanged),
                typeof(PlanLookedUp),
                typeof(PlanUploadAwaitsConfirmation),
            }.Select(type => type.FullName!),
        ];
        var definitions = new Dictionary<string, object>
        {
            ["queues"] = new[]
            {
                new
                {
                    name = "nowhere",
                    durable = true,
                    auto_delete = false,
                    arguments = new Dictionary<string, object> { ["x-max-length"] = 0 },
                },
            },
            ["exchanges"] = events.Select(name => new
            {
                name,
                type = "fanout",
                durable = true,
                auto_delete = false,
                @internal = false,
                arguments = new { },
            }),
            ["bindings"] = events.Select(name => new
            {
                source = name,
                destination = "nowhere",
                destination_type = "queue",
                routing_key = "",
                arguments = new { },
            }),
        };
        (
            await virtualHost.Management.PostAsJsonAsync($"api/definitions/{virtualHost.Name}", definitions, Cancelled)
        ).EnsureSuccessStatusCode();
    }

    public HttpClient Council(string code = Hackney) => Service.Client(code, AllScopes);

    public static async Task<JsonElement> UploadAsync(
        HttpClient council,
        string csv,
        long sequence,
        string mode = "full",
        bool dryRun = false,
        string contentType = "text/csv"
    )
    {
        var answer = await PostUploadAsync(council, Encoding.UTF8.GetBytes(csv), sequence, mode, dryRun, contentType);
        Assert.True(answer.StatusCode == HttpStatusCode.Accepted, await answer.Content.ReadAsStringAsync(Cancelled));
        return await FinishedAsync(council, answer.Headers.Location!);
    }

    public static async Task<HttpResponseMessage> PostUploadAsync(
        HttpClient council,
        byte[] body,
        long sequence,
        string mode = "full",
        bool dryRun = false,
        string contentType = "text/csv",
        string? encoding = null
    )
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        if (encoding is not null)
            content.Headers.ContentEncoding.Add(encoding);
        return await council.PostAsync(
            $"/uploads?mode={mode}&sequence={sequence}&dryRun={(dryRun ? "true" : "false")}",
            content,
            Cancelled
        );
    }

    public static Task<JsonElement> FinishedAsync(HttpClient council, Uri location, TimeSpan? within = null) =>
        Eventually.UntilAsync(
            () => GetAsync(council, location.ToString()),
            upload =>
                upload.GetProperty("state").GetString() is not ("receiving" or "queued" or "applying" or "ending"),
            within ?? TimeSpan.FromMinutes(2),
            "the upload comes to rest"
        );

    public static async Task<JsonElement> GetAsync(HttpClient council, string path)
    {
        var answer = await council.GetAsync(path, Cancelled);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Cancelled));
        return await answer.Content.ReadFromJsonAsync<JsonElement>(Cancelled);
    }

    public static async Task<JsonElement> JsonAsync(HttpResponseMessage answer) =>
        await answer.Content.ReadFromJsonAsync<JsonElement>(Cancelled);

    /// <summary>What came of each line: number, outcome and the detail of its first fault.</summary>
    public static async Task<IReadOnlyList<(int Line, string Outcome, string? Detail)>> LinesAsync(
        HttpClient council,
        JsonElement upload
    )
    {
        var page = await GetAsync(council, $"/uploads/{upload.GetProperty("id").GetString()}/lines");
        return
        [
            .. page.GetProperty("lines")
                .EnumerateArray()
                .Select(line =>
                    (
                        line.GetProperty("line").GetInt32(),
                        line.GetProperty("outcome").GetString()!,
                        line.TryGetProperty("faults", out var faults)
                            ? faults[0].GetProperty("detail").GetString()
                            : null
                    )
                ),
        ];
    }

    public static StringContent Json(string json) => new(json, Encoding.UTF8, "application/json");

    public static StringContent Json(object body) => Json(JsonSerializer.Serialize(body, HubJson.Options));

    public async ValueTask DisposeAsync()
    {
        await Service.DisposeAsync();
        if (_own is not null)
            await _own.DisposeAsync();
    }
}
