using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Safeguarding.Cli.Prove;
using Safeguarding.Contracts.Persons;
using Safeguarding.TestKit;

namespace Safeguarding.Hub.Tests;

/// <summary>
/// The four services as four processes over one database and one virtual host, as in production but for their
/// number.
/// </summary>
internal sealed class HubUnderTest : IAsyncDisposable
{
    public const string Trust = "RZ1";
    public const string Council = "E08999901";
    public const string OtherCouncil = "E08999902";

    /// <summary>In the order of <see cref="Services"/>.</summary>
    public static readonly IReadOnlyList<string> Assemblies =
    [
        "Safeguarding.PlanRegistry",
        "Safeguarding.EncounterIngest",
        "Safeguarding.Matching",
        "Safeguarding.Notification",
    ];

    private HubUnderTest(Surroundings surroundings, ServiceProcess[] services) =>
        (Surroundings, PlanRegistry, EncounterIngest, Matching, Notification) = (
            surroundings,
            services[0],
            services[1],
            services[2],
            services[3]
        );

    public Surroundings Surroundings { get; }

    public ServiceProcess PlanRegistry { get; }

    public ServiceProcess EncounterIngest { get; }

    public ServiceProcess Matching { get; }

    public ServiceProcess Notification { get; }

    public ServiceProcess Service(string name) =>
        name switch
        {
            "plan-registry" => PlanRegistry,
            "encounter-ingest" => EncounterIngest,
            "matching" => Matching,
            _ => Notification,
        };

    public IReadOnlyList<ServiceProcess> Services => [PlanRegistry, EncounterIngest, Matching, Notification];

    public static async Task<HubUnderTest> StartAsync(
        HubServers servers,
        params (string Key, string Value)[] settings
    ) => await StartAsync(await Surroundings.CreateAsync(servers), settings);

    public static Task<HubUnderTest> StartAsync(
        Surroundings surroundings,
        params (string Key, string Value)[] settings
    ) => StartAsync(surroundings, _ => [], settings);

    /// <param name="surroundings">What it stands on.</param>
    /// <param name="own">Settings of one service, by its name.</param>
    /// <param name="settings">Settings of all.</param>
    public static Task<HubUnderTest> StartAsync(
        Surroundings surroundings,
        Func<string, IEnumerable<(string Key, string Value)>> own,
        params (string Key, string Value)[] settings
    ) => StartAsync(surroundings, "", own, settings);

    /// <param name="surroundings">What it stands on.</param>
    /// <param name="build">The folder of another build than that beside the tests.</param>
    /// <param name="own">Settings of one service, by its name.</param>
    /// <param name="settings">Settings of all.</param>
    public static async Task<HubUnderTest> StartAsync(
        Surroundings surroundings,
        string build,
        Func<string, IEnumerable<(string Key, string Value)>> own,
        params (string Key, string Value)[] settings
    )
    {
        var all = surroundings.Settings.ToDictionary();
        all["Webhooks:AllowHttp"] = "true";
        all["Webhooks:AllowPrivateNetworks"] = "true";
        foreach (var (key, value) in settings)
            all[key] = value;
        string[] names = ["plan-registry", "encounter-ingest", "matching", "notification"];
        var rings = names.ToDictionary(name => name, surroundings.Keys.Of);
        // A release that had one key ring for all.
        if (build.Length > 0)
        {
            foreach (var name in names)
                rings[name] = surroundings.Keys.OfAll();
        }

        Task<ServiceProcess> Start(string assembly, string name)
        {
            var settings = all.ToDictionary();
            settings["Keys:File"] = rings[name];
            foreach (var (key, value) in own(name))
                settings[key] = value;
            return ServiceProcess.StartAsync(Path.Combine(build, assembly), settings);
        }

        var services = await Task.WhenAll(Assemblies.Zip(names, Start));
        return new HubUnderTest(surroundings, services);
    }

    public HttpClient Client(ServiceProcess service, string organisation, params string[] scopes)
    {
        var client = new HttpClient { BaseAddress = service.Address };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Bearer",
            Surroundings.Servers.Issuer.Token(organisation, scopes)
        );
        return client;
    }

    /// <summary>A council puts a child on its register.</summary>
    public async Task PutPlanAsync(string council, string reference, PersonTraits child)
    {
        using var client = Client(PlanRegistry, council, "plan.write");
        var answer = await client.PutAsync($"/plans/{reference}", Plan(child));
        Assert.True(
            answer.IsSuccessStatusCode,
            $"PUT plan: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}"
        );
    }

    /// <summary>A plan of a child.</summary>
    public static HttpContent Plan(PersonTraits child) =>
        Json(
            new
            {
                kind = "child-protection",
                startDate = "2026-01-01",
                subject = new
                {
                    identifier = new { state = "known", nhsNumber = child.Identifier.NhsNumber!.Value.Reveal() },
                    names = child.Names.Select(name => new
                    {
                        use = "usual",
                        family = name.Family,
                        given = name.Given,
                    }),
                    birthDate = child.BirthDate,
                    sex = child.Sex.ToString()!.ToLowerInvariant(),
                    postcodes = child.Postcodes.Select(postcode => new { postcode = postcode.Postcode }),
                },
            }
        );

    /// <summary>A council subscribes an endpoint.</summary>
    public async Task<string> SubscribeAsync(string council, Uri endpoint)
    {
        using var client = Client(Notification, council, "subscription.write");
        var answer = await client.PutAsync("/subscriptions/test", Json(new { url = endpoint }));
        Assert.True(
            answer.IsSuccessStatusCode,
            $"PUT subscription: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}"
        );
        return (string)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["secret"]!;
    }

    /// <summary>The trust's EPR posts an emergency encounter of a child.</summary>
    public static HttpContent Encounter(PersonTraits child, string identifier, string status = "in-progress") =>
        Json(
            new
            {
                resourceType = "Encounter",
                contained = new object[]
                {
                    new
                    {
                        resourceType = "Patient",
                        id = "patient",
                        identifier = new[]
                        {
                            new
                            {
                                system = "https://fhir.nhs.uk/Id/nhs-number",
                                value = child.Identifier.NhsNumber!.Value.Reveal(),
                            },
                        },
                        name = child.Names.Select(name => new
                        {
                            use = "official",
                            family = name.Family,
                            given = name.Given,
                        }),
                        gender = child.Sex.ToString()!.ToLowerInvariant(),
                        birthDate = child.BirthDate,
                        address = child.Postcodes.Select(postcode => new { postalCode = postcode.Postcode }),
                    },
                },
                identifier = new[] { new { system = "https://epr.example/encounter", value = identifier } },
                status,
                @class = new { system = "http://terminology.hl7.org/CodeSystem/v3-ActCode", code = "EMER" },
                subject = new { reference = "#patient" },
                period = new { start = "2026-11-20T10:00:00Z" },
            },
            "application/fhir+json"
        );

    /// <summary>The alerts of a council as its case system reads them.</summary>
    public async Task<JsonArray> AlertsAsync(string council)
    {
        using var client = Client(Notification, council, "alert.read");
        var all = new JsonArray();
        for (string? path = "/alerts?limit=200"; path is not null; )
        {
            var page = JsonNode.Parse(await client.GetStringAsync(path))!;
            foreach (var alert in page["alerts"]!.AsArray())
                all.Add(alert!.DeepClone());
            path = page["before"] is { } before ? $"/alerts?limit=200&before={before}" : null;
        }

        return all;
    }

    /// <summary>What <c>./hub prove</c> says of everything so far.</summary>
    public async Task<(int Code, string Report)> ProveAsync()
    {
        using HttpClient planRegistry = Client(PlanRegistry, "HUB", "ops"),
            encounterIngest = Client(EncounterIngest, "HUB", "ops"),
            matching = Client(Matching, "HUB", "ops"),
            notification = Client(Notification, "HUB", "ops");
        var report = new StringBuilder();
        var now = TimeProvider.System.GetUtcNow();
        var code = await ProveNothingIsLost.RunAsync(
            new HubHoldings(planRegistry, encounterIngest, matching, notification),
            now.AddHours(-1),
            now.AddSeconds(1),
            line => report.Append(line).Append('\n'),
            _ => { },
            CancellationToken.None
        );
        return (code, report.ToString());
    }

    public static StringContent Json(object body, string contentType = "application/json") =>
        new(JsonSerializer.Serialize(body, JsonSerializerOptions.Web), Encoding.UTF8, contentType);

    public async ValueTask DisposeAsync()
    {
        foreach (var service in Services)
            await service.DisposeAsync();
        await Surroundings.DisposeAsync();
    }
}
