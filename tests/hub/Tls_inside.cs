using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Npgsql;
using Safeguarding.TestKit;

namespace Safeguarding.Hub.Tests;

/// <summary>PostgreSQL, RabbitMQ, identity and the services speak TLS, as docs/operating.md says it is set.</summary>
public sealed class Tls_inside(HubServers servers)
{
    private const string Secret = "for-a-test-of-tls-and-nothing-else";
    private const string Clients = $$"""
        {"clients":[
        {"id":"council","organisation":"E08999901","scopes":["plan.write","alert.read"],"secret":"{{Secret}}"},
        {"id":"trust","organisation":"RZ1","scopes":["encounter.submit"],"secret":"{{Secret}}"}]}
        """;

    private static readonly string[] Programs =
    [
        "identity",
        "plan-registry",
        "encounter-ingest",
        "matching",
        "notification",
    ];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task By_TLS_alone_an_encounter_becomes_an_alert()
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
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "clients.json"), Clients, Cancelled);

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
            ]
        );
        await using var hub = await HubUnderTest.StartAsync(surroundings, Own);

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
        using var alerts = await ClientAsync("notification", "council");
        using var trust = await ClientAsync("encounter-ingest", "trust");
        (await council.PutAsync("/plans/tls-1", HubUnderTest.Plan(child), Cancelled)).EnsureSuccessStatusCode();
        (
            await trust.PostAsync("/fhir/Encounter", HubUnderTest.Encounter(child, "tls-1"), Cancelled)
        ).EnsureSuccessStatusCode();

        await Eventually.UntilAsync(
            async () => JsonNode.Parse(await alerts.GetStringAsync("/alerts", Cancelled))!["alerts"]!.AsArray().Count,
            count => count == 1
        );
        Assert.Equal(0, await SessionsInPlainTextAsync(surroundings.Database));
        // One of each service. The tests' own, which sees the bus from outside, is the one in plain text.
        var connections = await Eventually.UntilAsync(broker.ConnectionsAsync, all => all.Count(isTls => isTls) == 4);
        Assert.Single(connections, isTls => !isTls);
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_service_that_does_not_trust_the_brokers_certificate_does_not_connect()
    {
        using var authority = new TestAuthority();
        using var another = new TestAuthority();
        await using var broker = await OwnBroker.StartAsync(authority);
        await using var surroundings = await Surroundings.CreateAsync(servers.With(broker));
        await using var proxy = TcpProxy.Start("127.0.0.1", broker.TlsUri.Port);
        await using var matching = ServiceProcess.Of("Safeguarding.Matching", surroundings.Settings);

        await matching.StartAgainAsync(
            mayDie: false,
            ("SSL_CERT_FILE", another.CertificateFile),
            (
                "RabbitMq:Uri",
                new UriBuilder(ByTls(broker, surroundings)) { Port = proxy.Port }
                    .Uri
                    .AbsoluteUri
            )
        );

        // It would not come a third time if it had been let in.
        await Eventually.UntilAsync(() => Task.FromResult(proxy.Connections), count => count > 2);
        Assert.DoesNotContain(true, await broker.ConnectionsAsync());
    }

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
