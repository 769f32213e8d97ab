using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Security;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Npgsql;
using Safeguarding.TestKit;

namespace Safeguarding.Hub.Tests;

/// <summary>
/// PostgreSQL, RabbitMQ, identity, the services and the portal speak TLS, as docs/operating.md says it is set.
/// </summary>
public sealed partial class Tls_inside(HubServers servers)
{
    private const string Secret = "for-a-test-of-tls-and-nothing-else";
    private const string Clients = $$"""
        [{"id":"council","organisation":"E08999901","scopes":["plan.write","subscription.write"],"secret":"{{Secret}}"},
        {"id":"trust","organisation":"RZ1","scopes":["encounter.submit"],"secret":"{{Secret}}"}]
        """;

    private static readonly string[] Programs =
    [
        "identity",
        "plan-registry",
        "encounter-ingest",
        "matching",
        "notification",
        "portal",
    ];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task By_TLS_alone_an_encounter_reaches_the_councils_endpoint_and_a_duty_worker_at_the_portal()
    {
        using var authority = new TestAuthority();
        await using var postgres = await TlsPostgres.StartAsync(authority);
        await using var broker = await OwnBroker.StartAsync(authority);
        var surroundings = await Surroundings.CreateAsync(servers.With(postgres).With(broker));
        var certificate = await authority.IssueAsync();
        var folder = Directory.CreateTempSubdirectory("identity-");
        var addresses = Programs.ToDictionary(
            program => program,
            _ => new Uri($"https://localhost:{FreePort.Next()}/")
        );
        var issuer = addresses["identity"];
        var clients = JsonNode.Parse(Clients)!.AsArray();
        clients.Add(PortalUnderTest.Client(addresses["portal"]));
        await File.WriteAllTextAsync(
            Path.Combine(folder.FullName, "clients.json"),
            new JsonObject { ["clients"] = clients }.ToJsonString(),
            Cancelled
        );

        (string Key, string Value)[] Own(string service) =>
            [
                ("SSL_CERT_FILE", authority.CertificateFile),
                ("Kestrel:Certificates:Default:Path", certificate.File),
                ("Kestrel:Certificates:Default:KeyPath", certificate.KeyFile),
                ("Kestrel:Endpoints:Https:Url", addresses[service].AbsoluteUri),
                ("Identity:AllowHttp", "false"),
                ("Identity:Issuers:0:Issuer", issuer.AbsoluteUri),
                ("RabbitMq:Uri", ByTls(broker, surroundings)),
            ];

        await using var identity = ServiceProcess.Of("Safeguarding.Identity", surroundings.Settings);
        await identity.StartAgainAsync(
            mayDie: false,
            [
                .. Own("identity"),
                ("Identity:Issuer", issuer.AbsoluteUri),
                ("Identity:ClientsFile", Path.Combine(folder.FullName, "clients.json")),
                ("Identity:KeysDirectory", Path.Combine(folder.FullName, "keys")),
                ("Identity:AllowClientSecrets", "true"),
                ("Identity:DevelopmentProvider", "true"),
            ]
        );
        await using var hub = await HubUnderTest.StartAsync(
            surroundings,
            Own,
            ("Webhooks:AllowPrivateNetworks", "true")
        );
        await using var portal = await PortalUnderTest.StartAsync(
            surroundings,
            [
                .. Own("portal"),
                ("Hub:PublicUrl", addresses["portal"].AbsoluteUri),
                ("Services:PlanRegistry", addresses["plan-registry"].AbsoluteUri),
                ("Services:EncounterIngest", addresses["encounter-ingest"].AbsoluteUri),
                ("Services:Matching", addresses["matching"].AbsoluteUri),
                ("Services:Notification", addresses["notification"].AbsoluteUri),
            ]
        );
        await using var endpoint = await CouncilStub.StartAsync(1, certificate);

        async Task<HttpClient> ClientAsync(string service, string client)
        {
            using var http = authority.Client(issuer);
            using var form = new FormUrlEncodedContent(
                new Dictionary<string, string>
                {
                    ["grant_type"] = "client_credentials",
                    ["client_id"] = client,
                    ["client_secret"] = Secret,
                }
            );
            using var answer = await http.PostAsync("/connect/token", form, Cancelled);
            var token = (await answer.Content.ReadFromJsonAsync<JsonObject>(Cancelled))!["access_token"]!;
            var named = authority.Client(addresses[service]);
            named.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", (string)token!);
            return named;
        }

        var child = Synthetic.AChild();
        using var council = await ClientAsync("plan-registry", "council");
        using var subscriber = await ClientAsync("notification", "council");
        using var trust = await ClientAsync("encounter-ingest", "trust");
        (
            await subscriber.PutAsync(
                "/subscriptions/tls",
                HubUnderTest.Json(new { url = endpoint.Address }),
                Cancelled
            )
        ).EnsureSuccessStatusCode();
        (await council.PutAsync("/plans/tls-1", HubUnderTest.Plan(child), Cancelled)).EnsureSuccessStatusCode();
        (
            await trust.PostAsync("/fhir/Encounter", HubUnderTest.Encounter(child, "tls-1"), Cancelled)
        ).EnsureSuccessStatusCode();

        var arrival = Assert.Single(
            await Eventually.UntilAsync(() => Task.FromResult(endpoint.Arrivals), all => all.Count == 1)
        );
        using var browser = authority.Client(addresses["portal"]);
        var choice = await browser.GetStringAsync("/alerts", Cancelled);
        var form = WebUtility.HtmlDecode(ActionOfForm().Match(choice).Groups[1].Value);
        using var person = new FormUrlEncodedContent([KeyValuePair.Create("person", "p05")]);
        using var page = await browser.PostAsync(new Uri(issuer, form), person, Cancelled);
        Assert.Contains(
            $"/alerts/{arrival.AlertId}",
            await page.Content.ReadAsStringAsync(Cancelled),
            StringComparison.Ordinal
        );

        Assert.Equal(0, await SessionsInPlainTextAsync(surroundings.Database));
        var plain = new NpgsqlConnectionStringBuilder(surroundings.Database) { SslMode = SslMode.Disable };
        var refused = await Assert.ThrowsAsync<PostgresException>(() =>
            SessionsInPlainTextAsync(plain.ConnectionString)
        );
        Assert.Equal(PostgresErrorCodes.InvalidAuthorizationSpecification, refused.SqlState);
        // One of each service. The tests' own, which sees the bus from outside, is the one in plain text.
        var connections = await Eventually.UntilAsync(broker.ConnectionsAsync, all => all.Count(isTls => isTls) == 4);
        Assert.Single(connections, isTls => !isTls);

        // Renewed under the same names, certificates are taken while the services run.
        var before = await SerialOfAsync(addresses["notification"]);
        await authority.IssueAsync();
        await Eventually.UntilAsync(
            () => SerialOfAsync(addresses["notification"]),
            serial => serial != "" && serial != before
        );
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Nobody_starts_who_does_not_trust_whom_it_would_call()
    {
        using var authority = new TestAuthority();
        using var another = new TestAuthority();
        var certificate = await authority.IssueAsync(host: "elsewhere.example");
        await using var surroundings = await Surroundings.CreateAsync(servers);
        await using var peer = await CouncilStub.StartAsync(1, certificate);
        var address = new UriBuilder(peer.Address) { Host = "localhost", Path = "" }.Uri;
        (string Setting, string? Value)[] peers =
        [
            (
                "RabbitMq:Uri",
                new UriBuilder(address) { Scheme = "amqps", UserName = "a" }
                    .Uri
                    .AbsoluteUri
            ),
            ("Identity:Issuers:0:Metadata", new Uri(address, "/metadata").AbsoluteUri),
        ];
        await using var matching = ServiceProcess.Of("Safeguarding.Matching", surroundings.Settings);

        foreach (
            var (trusted, fault) in ((TestAuthority, string)[])
                [(another, "not among the authorities"), (authority, "for another name (elsewhere.example)")]
        )
        {
            var before = matching.Log.Length;
            await matching.StartAgainAsync(mayDie: true, [.. peers, ("SSL_CERT_FILE", trusted.CertificateFile)]);

            Assert.True(matching.HasDied);
            foreach (var (setting, _) in peers)
            {
                var name = setting.Replace(":", "__", StringComparison.Ordinal);
                Assert.Matches(
                    $"{name}: localhost:{address.Port} shows .*{Regex.Escape(fault)}",
                    matching.Log[before..]
                );
            }
        }
    }

    private static async Task<string> SerialOfAsync(Uri address)
    {
        try
        {
            using var connection = new TcpClient(address.Host, address.Port);
            await using var tls = new SslStream(connection.GetStream(), false, (_, shown, _, _) => shown is not null);
            await tls.AuthenticateAsClientAsync(address.Host);
            return tls.RemoteCertificate!.GetSerialNumberString();
        }
        catch (Exception absent) when (absent is SocketException or IOException)
        {
            return ""; // for the moment in which it opens its port again
        }
    }

    [GeneratedRegex("action=\"([^\"]*)\"")]
    private static partial Regex ActionOfForm();

    private static string ByTls(OwnBroker broker, Surroundings surroundings) =>
        new UriBuilder(broker.TlsUri) { Path = surroundings.VirtualHost.Uri.AbsolutePath }
            .Uri
            .AbsoluteUri;

    private static async Task<long> SessionsInPlainTextAsync(string database)
    {
        await using var source = NpgsqlDataSource.Create(database);
        await using var count = source.CreateCommand(
            "SELECT count(*) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE client_addr IS NOT NULL AND NOT ssl"
        );
        return (long)(await count.ExecuteScalarAsync(Cancelled))!;
    }
}
