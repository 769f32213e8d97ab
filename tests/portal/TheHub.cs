using System.Buffers.Text;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Safeguarding.EncounterIngest.Storage;
using Safeguarding.Matching.Storage;
using Safeguarding.Notification.Storage;
using Safeguarding.PlanRegistry.Storage;
using Safeguarding.Portal.SignIn;
using Safeguarding.Portal.Storage;
using Safeguarding.Portal.Tests;
using Safeguarding.TestKit;

[assembly: AssemblyFixture(typeof(TheHub))]

namespace Safeguarding.Portal.Tests;

/// <summary>
/// The hub with its portal: the services, identity with its made-up people, and the portal as it is built.
/// </summary>
public sealed class TheHub : IAsyncLifetime
{
    public const string Northmoor = "E08999901";
    public const string Eastvale = "E08999902";
    public const string Meadowbank = "RZ1";

    private readonly HubServers _servers = new();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("portal-");
    private readonly List<IAsyncDisposable> _started = [];
    private Surroundings _surroundings = null!;
    private ServiceUnderTest<PlanRegistryDb> _planRegistry = null!;
    private ServiceUnderTest<EncounterIngestDb> _encounterIngest = null!;
    private ServiceUnderTest<NotificationDb> _alerts = null!;
    private (string Key, string? Value)[] _portalSettings = [];
    private string _certificate = "";
    private readonly RSA _clientKey = RSA.Create(2048);
    private int _visits;

    /// <summary>Where browsers find the portal.</summary>
    public Uri Address { get; private set; } = null!;

    public ServiceProcess Portal { get; private set; } = null!;

    public ServiceProcess Identity { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        await _servers.InitializeAsync();
        _surroundings = await Surroundings.CreateAsync(_servers);
        using var key = RSA.Create(2048);
        Identity = ServiceProcess.Of("Safeguarding.Identity", _surroundings.Settings);
        Portal = NewPortal();
        Address = Local(Portal);
        var issuer = Local(Identity).AbsoluteUri;
        await File.WriteAllTextAsync(
            Path.Combine(_folder.FullName, "clients.json"),
            new JsonObject
            {
                ["clients"] = new JsonArray(
                    PortalClient.Entry(key, Address),
                    MeadowbanksClient("meadowbank-epr", "epr-old"),
                    MeadowbanksClient("meadowbank-spare", "epr-spare"),
                    PracticeClient("practice-meadowbank", Meadowbank, "encounter.submit", "site.write"),
                    PracticeClient("practice-harbourside", "RZ2", "encounter.submit", "site.write"),
                    PracticeClient("practice-westhollow", "43", "contact.submit"),
                    PracticeClient("practice-northmoor", Northmoor, "plan.write", "plan.read", "council.write"),
                    PracticeClient("practice-eastvale", Eastvale, "plan.write", "plan.read", "council.write")
                ),
            }.ToJsonString()
        );
        await Identity.StartAgainAsync(
            mayDie: false,
            ("Identity:Issuer", issuer),
            ("Identity:ClientsFile", Path.Combine(_folder.FullName, "clients.json")),
            ("Identity:KeysDirectory", Path.Combine(_folder.FullName, "keys")),
            ("Identity:DevelopmentProvider", "true"),
            // Everybody is at one address here, and services ask every second.
            ("RequestLimits:StrangersPerMinute", "10000")
        );

        // Systems have the tokens of the tests' issuer, people those of identity.
        var settings = new Dictionary<string, string?>
        {
            ["Identity:Issuers:1:Issuer"] = issuer,
            ["Identity:RevocationsSeconds"] = "1",
            ["Webhooks:AllowHttp"] = "true",
            ["Webhooks:AllowPrivateNetworks"] = "true",
            ["Notify:BaseUrl"] = $"http://127.0.0.1:{FreePort.Next()}/",
            ["Notify:ApiKey"] = $"synthetic-{Guid.CreateVersion7()}-{Guid.CreateVersion7()}",
            ["Notify:EmailTemplateId"] = "an-email-template",
            ["Notify:SmsTemplateId"] = "an-sms-template",
        };
        _planRegistry = Kept(
            await ServiceUnderTest<PlanRegistryDb>.StartAsync(_servers, settings, null, _surroundings)
        );
        foreach (
            var name in await File.ReadAllLinesAsync(Path.Combine(Repository.Root, "tools/demo/organisations.env"))
        )
        {
            if (name.Split('=') is [var code, var called])
                settings[code.Replace("__", ":", StringComparison.Ordinal)] = called;
        }

        _encounterIngest = Kept(
            await ServiceUnderTest<EncounterIngestDb>.StartAsync(_servers, settings, null, _surroundings)
        );
        var matching = Kept(await ServiceUnderTest<MatchingDb>.StartAsync(_servers, settings, null, _surroundings));
        _alerts = Kept(await ServiceUnderTest<NotificationDb>.StartAsync(_servers, settings, null, _surroundings));
        _portalSettings =
        [
            ("Identity:Issuers:0:Issuer", issuer),
            ("Hub:PublicUrl", Address.AbsoluteUri),
            ("Portal:SigningKey", key.ExportPkcs8PrivateKeyPem()),
            ("Portal:Certificate", _certificate = PortalClient.Certificate(key)),
            ("Services:PlanRegistry", _planRegistry.Address.AbsoluteUri),
            ("Services:EncounterIngest", _encounterIngest.Address.AbsoluteUri),
            ("Services:Matching", matching.Address.AbsoluteUri),
            ("Services:Notification", _alerts.Address.AbsoluteUri),
        ];
        await Portal.StartAgainAsync(mayDie: false, _portalSettings);
        await PrepareAsync();
    }

    /// <summary>An assertion of Meadowbank's system for a token of identity's.</summary>
    /// <param name="client">Its id.</param>
    /// <param name="kid">The key that it names.</param>
    /// <param name="late">Whether it has expired.</param>
    public string Assertion(string client, string kid, bool late = false)
    {
        var unsigned =
            $"{Part(new { alg = "RS512", typ = "JWT", kid })}."
            + Part(
                new
                {
                    iss = client,
                    sub = client,
                    aud = $"{Local(Identity)}connect/token",
                    jti = Guid.CreateVersion7(),
                    exp = TimeProvider.System.GetUtcNow().AddMinutes(late ? -10 : 4).ToUnixTimeSeconds(),
                }
            );
        var signature = _clientKey.SignData(
            Encoding.ASCII.GetBytes(unsigned),
            HashAlgorithmName.SHA512,
            RSASignaturePadding.Pkcs1
        );
        return $"{unsigned}.{Base64Url.EncodeToString(signature)}";

        static string Part(object part) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(part));
    }

    /// <summary>A second replica of the portal, as one for practice.</summary>
    public Task<(Uri Address, IAsyncDisposable Process)> StartForPracticeAsync() =>
        StartWithAsync(("Portal:Practice", "true"), ("Portal:PracticeKey", _clientKey.ExportPkcs8PrivateKeyPem()));

    private JsonObject PracticeClient(string id, string organisation, params string[] scopes)
    {
        var entry = PortalClient.Entry(_clientKey, Address);
        entry["id"] = id;
        entry["organisation"] = organisation;
        entry["scopes"] = new JsonArray([.. scopes.Select(scope => (JsonNode)scope)]);
        entry.Remove("redirectUris");
        entry.Remove("postLogoutRedirectUris");
        return entry;
    }

    private JsonObject MeadowbanksClient(string id, string kid) =>
        new()
        {
            ["id"] = id,
            ["organisation"] = Meadowbank,
            ["scopes"] = new JsonArray("encounter.submit"),
            ["jwks"] = new JsonObject
            {
                ["keys"] = new JsonArray(
                    new JsonObject
                    {
                        ["kty"] = "RSA",
                        ["kid"] = kid,
                        ["n"] = Base64Url.EncodeToString(_clientKey.ExportParameters(false).Modulus),
                        ["e"] = Base64Url.EncodeToString(_clientKey.ExportParameters(false).Exponent),
                    }
                ),
            },
        };

    /// <summary>A second replica of the portal, from where a service does not answer.</summary>
    /// <param name="service">As its setting names it: <c>Notification</c>.</param>
    public Task<(Uri Address, IAsyncDisposable Process)> StartWithoutAsync(string service) =>
        StartWithAsync(($"Services:{service}", $"http://localhost:{FreePort.Next()}/"));

    /// <summary>A second replica of the portal, with settings of its own.</summary>
    public async Task<(Uri Address, IAsyncDisposable Process)> StartWithAsync(
        params (string Key, string? Value)[] settings
    )
    {
        var portal = NewPortal();
        await portal.StartAgainAsync(mayDie: false, [.. _portalSettings, .. settings]);
        return (Local(portal), portal);
    }

    /// <summary>The access token of the newest session at the portal is about to end.</summary>
    public Task AgeNewestTokenAsync() =>
        ChangeNewestSessionAsync(properties => properties.UpdateTokenValue("expires_at", Now().ToString("o")));

    /// <summary>Whoever has the newest session at the portal has asked for nothing for 16 minutes.</summary>
    public Task IdleInNewestSessionAsync() =>
        ChangeNewestSessionAsync(properties => properties.Items["active_at"] = Now().AddMinutes(-16).ToString("o"));

    private static DateTimeOffset Now() => TimeProvider.System.GetUtcNow();

    private async Task ChangeNewestSessionAsync(Action<AuthenticationProperties> change)
    {
        var services = new ServiceCollection();
        services.AddDbContextFactory<PortalDb>(options => PortalDb.Configure(options, _surroundings.Database));
        services
            .AddDataProtection()
            .SetApplicationName("portal")
            .PersistKeysToDbContext<PortalDb>()
            .UnprotectKeysWithAnyCertificate(X509Certificate2.CreateFromPem(_certificate, _certificate));
        await using var provider = services.BuildServiceProvider();
        var databases = provider.GetRequiredService<IDbContextFactory<PortalDb>>();
        await using var db = await databases.CreateDbContextAsync();
        var newest = await db.Sessions.AsNoTracking().OrderByDescending(session => session.ExpiresAt).FirstAsync();
        var sessions = new Sessions(
            databases,
            provider.GetRequiredService<IDataProtectionProvider>(),
            TimeProvider.System
        );
        await sessions.ChangeAloneAsync(
            (await sessions.RetrieveAsync(newest.Id))!,
            properties =>
            {
                change(properties);
                return Task.FromResult(true);
            },
            TestContext.Current.CancellationToken
        );
    }

    /// <summary>Identity ends the newest session, as it does when an organisation takes a role away.</summary>
    public async Task EndNewestSessionAsync()
    {
        await using var source = NpgsqlDataSource.Create(_surroundings.Database);
        await using var end = source.CreateCommand(
            """
            UPDATE identity.session SET ended_at = now()
            WHERE id = (SELECT id FROM identity.session ORDER BY started_at DESC LIMIT 1)
            """
        );
        Assert.Equal(1, await end.ExecuteNonQueryAsync());
    }

    /// <summary>A proxy before the service that has alerts, and a replica of the portal behind it.</summary>
    public async Task<(Uri Address, TcpProxy Alerts, IAsyncDisposable Process)> StartBehindProxyAsync()
    {
        var proxy = TcpProxy.Start(_alerts.Address.Host, _alerts.Address.Port);
        var (address, process) = await StartWithAsync(("Services:Notification", $"http://localhost:{proxy.Port}/"));
        return (address, proxy, process);
    }

    /// <summary>A council puts a child on its register.</summary>
    public async Task RegisterAsync(string council, string reference, Child child)
    {
        using var client = _planRegistry.Client(council, "plan.write");
        using var answer = await client.PutAsJsonAsync(
            $"plans/{reference}",
            new
            {
                kind = "child-protection",
                startDate = "2026-01-05",
                restricted = child.Restricted,
                subject = new
                {
                    identifier = new { state = "known", nhsNumber = child.NhsNumber },
                    names = new[]
                    {
                        new
                        {
                            use = "usual",
                            family = child.Family,
                            given = new[] { child.Given },
                        },
                    },
                    birthDate = child.BirthDate,
                    postcodes = child.Postcode is null
                        ? null
                        : new[] { new { postcode = child.Postcode, former = false } },
                },
            }
        );
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>A council's own system checks a file.</summary>
    public async Task<Guid> CheckAsync(string council, string csv)
    {
        using var client = _planRegistry.Client(council, "plan.write");
        using var content = new StringContent(csv, Encoding.UTF8, "text/csv");
        using var answer = await client.PostAsync("uploads?mode=changes&dryRun=true", content);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<JsonObject>())!["id"]!.GetValue<Guid>();
    }

    /// <summary>The child comes into the emergency department of Meadowbank.</summary>
    public async Task ArriveAsync(Child child)
    {
        using var answer = await SendAsync(child, "\"status\":\"arrived\",");
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>Meadowbank's system sends an encounter that cannot be taken.</summary>
    public async Task SendWithoutStatusAsync(Child child)
    {
        using var answer = await SendAsync(child, "");
        Assert.Equal(422, (int)answer.StatusCode);
    }

    private async Task<HttpResponseMessage> SendAsync(Child child, string status)
    {
        using var client = _encounterIngest.Client(Meadowbank, "encounter.submit");
        using var content = new StringContent(
            $$"""
            {"resourceType":"Encounter",
            "identifier":[{"system":"https://trust.example/Id/visit","value":"V{{Interlocked.Increment(
                ref _visits
            )}}"}],
            {{status}}"class":{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"EMER"},
            "subject":{"reference":"#p"},"period":{"start":"2026-11-20T09:30:00Z"},
            "location":[{"location":{"identifier":{"system":"https://fhir.nhs.uk/Id/ods-site-code","value":"RZ101"} } }],
            "contained":[{"resourceType":"Patient","id":"p",
            "identifier":[{"system":"https://fhir.nhs.uk/Id/nhs-number","value":"{{child.NhsNumber}}"}],
            "name":[{"family":"{{child.Family}}","given":["{{child.Given}}"]}],"birthDate":"{{child.BirthDate}}"}]}
            """,
            Encoding.UTF8,
            "application/fhir+json"
        );
        return await client.PostAsync("fhir/Encounter", content);
    }

    /// <summary>A message that no service can read.</summary>
    public Task BreakAMessageAsync() =>
        _surroundings.Bus.PublishRawAsync<Contracts.Plans.PlanRegistered>("no pack of events"u8.ToArray());

    /// <summary>A child on a plan of Northmoor, and somebody else who comes under that child's number.</summary>
    public async Task AskAboutAsync(string reference, Child child)
    {
        await RegisterAsync(Northmoor, reference, child);
        await ArriveAsync(new(child.NhsNumber, "Xanthopoulos", "Quirina", "2015-06-17"));
    }

    public async ValueTask DisposeAsync()
    {
        await Portal.DisposeAsync();
        foreach (var started in Enumerable.Reverse(_started))
            await started.DisposeAsync();
        await Identity.DisposeAsync();
        await _surroundings.DisposeAsync();
        await _servers.DisposeAsync();
        _folder.Delete(recursive: true);
        _clientKey.Dispose();
    }

    private ServiceProcess NewPortal() =>
        ServiceProcess.Of(
            Path.Combine(Repository.Root, "services/portal/bin/Release/net10.0/Safeguarding.Portal"),
            _surroundings.Settings
        );

    private async Task PrepareAsync()
    {
        using var trust = _encounterIngest.Client(Meadowbank, "site.write");
        using var site = await trust.PutAsJsonAsync(
            $"organisations/{Meadowbank}/sites/RZ101",
            new
            {
                name = "Meadowbank General, Emergency Department",
                setting = "emergencyDepartment",
                phone = "01632 960001",
            }
        );
        Assert.True(site.IsSuccessStatusCode, await site.Content.ReadAsStringAsync());
        using var council = _planRegistry.Client(Northmoor, "council.write");
        using var contacts = await council.PutAsJsonAsync(
            $"councils/{Northmoor}",
            new
            {
                name = "Northmoor Council",
                officePhone = "01632 960100",
                emergencyDutyPhone = "01632 960199",
            }
        );
        Assert.True(contacts.IsSuccessStatusCode, await contacts.Content.ReadAsStringAsync());
    }

    private ServiceUnderTest<TDb> Kept<TDb>(ServiceUnderTest<TDb> service)
        where TDb : Hosting.Storage.HubDbContext
    {
        _started.Add(service);
        return service;
    }

    // Browsers take secure cookies over http from localhost by that name.
    private static Uri Local(ServiceProcess process) => new($"http://localhost:{process.Address.Port}/");
}

/// <summary>An invented child.</summary>
public sealed record Child(string NhsNumber, string Family, string Given, string BirthDate)
{
    public string? Postcode { get; init; }

    /// <summary>Whether the council hides where the child is.</summary>
    public bool Restricted { get; init; }
}
