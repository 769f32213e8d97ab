using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Npgsql;
using Safeguarding.Hosting.Audit;
using Safeguarding.TestKit;

namespace Safeguarding.Identity.Tests;

/// <summary>
/// Every token, sign-in, sign-out and refusal leaves an audit record, chained like those of the
/// services.
/// </summary>
public sealed class What_identity_records(HubServers servers)
{
    private static readonly ClientKey PortalKey = ClientKey.Rsa("portal-1");
    private static readonly ClientKey Key = ClientKey.Rsa("rx1-1");

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_act_of_systems_and_people_leaves_one_record_that_says_who_and_how_it_ended()
    {
        using var ground = await Ground.CreateAsync(servers, Application(), System());
        await using var identity = TokenService.StartForPeople(ground);
        var portal = new Portal(identity, PortalKey);
        using var browser = new Browser(portal.Identity);

        Assert.Equal(200, (await SystemAsync(portal)).Status);
        Assert.Equal(400, (await SystemAsync(portal, "plan.read")).Status);
        Assert.Equal(401, (await SystemAsync(portal, client: "rx1-nobody")).Status);
        var tokens = await portal.Tokens("p05");
        var renewed = await portal.Refresh(tokens);
        Assert.Equal(403, (await portal.SignIn(browser, "p18")).Status);
        Assert.Equal(403, (await portal.SignIn(browser, "p20")).Status);
        await browser.Get($"/connect/endsession?id_token_hint={renewed.Text("id_token")}");
        await identity.Rewrite(ground, Application());

        Assert.Equal(
            [
                "token.issue RX1 rx1-epr - - - success -",
                "token.issue RX1 rx1-epr - - - refused invalid_scope",
                "token.issue none nobody - - - refused invalid_client",
                "session.begin E08999901 portal development|p05 duty-worker aal2 success -",
                "token.issue E08999901 portal development|p05 duty-worker aal2 success -",
                "session.begin E08999901 portal development|p18 reviewer aal1 refused assurance",
                "session.begin none nobody - - - refused no-rule",
                "session.end E08999901 portal development|p05 duty-worker aal2 success -",
                "client.withdraw RX1 rx1-epr - - - success -",
            ],
            await Eventually.UntilAsync(() => RecordsAsync(ground), records => records.Count == 9)
        );
        await Eventually.UntilAsync(
            async () =>
            {
                await using var source = NpgsqlDataSource.Create(ground.ConnectionString);
                var check = new AuditCheck(source, "identity", lines: null, key: null);
                await foreach (var fault in check.RunAsync(Cancelled))
                    Assert.Fail(fault.ToString());
                return check.Records;
            },
            chained => chained == 14
        );
    }

    [Fact]
    public async Task Each_change_of_clients_providers_and_roles_says_who_once_and_after_a_stop_too()
    {
        var another = Ground.Client("rx1-lab", "RX1", ["encounter.submit"], ClientKey.Rsa("lab-1"));
        var disabled = System();
        disabled["disabled"] = true;
        disabled["scopes"] = new JsonArray("encounter.submit", "site.write");
        using var ground = await Ground.CreateAsync(servers, Application(), System());
        async Task<string[]> RecordedAsync(int count) =>
            [
                .. await Eventually.UntilAsync(
                    () => RecordsAsync(ground, ofConfiguration: true),
                    records => records.Count >= count
                ),
            ];
        await using (TokenService.StartForPeople(ground))
        {
            Assert.Equal(
                [
                    "configuration.roles HUB identity release operator - success -",
                    "configuration.clients HUB identity file operator - success -",
                    "configuration.providers HUB identity file operator - success -",
                ],
                await RecordedAsync(3)
            );

            using (var later = new Ground { ConnectionString = "" })
            {
                later.Write(Application(), disabled, another);
                var content = await File.ReadAllBytesAsync(later.ClientsFile, Cancelled);
                await File.WriteAllTextAsync(
                    $"{ground.ClientsFile}.by",
                    $"{Convert.ToHexStringLower(SHA256.HashData(content))} alice\n",
                    Cancelled
                );
                await File.WriteAllBytesAsync(ground.ClientsFile, content, Cancelled);
            }

            Assert.Equal(
                [
                    "client.disable RX1 rx1-epr alice operator - success -",
                    "client.change RX1 rx1-epr alice operator - success -",
                    "client.add RX1 rx1-lab alice operator - success -",
                    "configuration.clients HUB identity alice operator - success -",
                ],
                (await RecordedAsync(7))[3..]
            );
            await File.WriteAllTextAsync(Path.Combine(ground.ProvidersDirectory, "cis2.pem"), "key", Cancelled);
            Assert.Equal(
                [
                    "provider.add HUB cis2.pem file operator - success -",
                    "configuration.providers HUB identity file operator - success -",
                ],
                (await RecordedAsync(9))[7..]
            );
        }

        // By another hand, and while nobody looked.
        ground.Write(Application());
        await using var again = TokenService.StartForPeople(ground);
        Assert.Equal("configuration.clients HUB identity file operator - success -", (await RecordedAsync(10))[^1]);
        await again.Rewrite(ground, Application(), another);
        Assert.Equal(
            [
                "client.add RX1 rx1-lab file operator - success -",
                "configuration.clients HUB identity file operator - success -",
            ],
            (await RecordedAsync(12))[10..]
        );
    }

    [Fact]
    public async Task A_token_that_cannot_be_recorded_is_not_issued()
    {
        using var ground = await Ground.CreateAsync(servers, Application(), System());
        await using var identity = TokenService.StartForPeople(ground);
        var portal = new Portal(identity, PortalKey);
        Assert.Equal(200, (await SystemAsync(portal)).Status);
        await using var source = NpgsqlDataSource.Create(ground.ConnectionString);
        await using (var command = source.CreateCommand("ALTER TABLE identity.audit_record RENAME TO elsewhere"))
            await command.ExecuteNonQueryAsync(Cancelled);

        var refused = await SystemAsync(portal);

        Assert.Equal(500, refused.Status);
    }

    [Fact]
    public async Task An_organisation_reads_what_identity_recorded_of_it_and_nothing_of_others()
    {
        using var ground = await Ground.CreateAsync(servers, Application(), System());
        using var signing = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var roots = Directory.CreateDirectory(Path.Combine(ground.KeysDirectory, "roots"));
        await using var identity = TokenService.StartForPeople(
            ground,
            null,
            ("Audit:RootsDirectory", roots.FullName),
            ("Audit:SigningKey", signing.ExportPkcs8PrivateKeyPem())
        );
        var portal = new Portal(identity, PortalKey);
        await SystemAsync(portal);
        await portal.Tokens("p05");
        var (council, trust) = (await portal.Tokens("p10"), await portal.Tokens("p04"));

        async Task<JsonNode?> AskAsync(TokenAnswer by, HttpMethod method, string path, HttpContent? body = null)
        {
            using var request = new HttpRequestMessage(method, path) { Content = body };
            request.Headers.Authorization = new("Bearer", by.Token);
            using var answer = await identity.Http.SendAsync(request, Cancelled);
            return answer.IsSuccessStatusCode
                ? JsonNode.Parse(await answer.Content.ReadAsStringAsync(Cancelled))
                : (int)answer.StatusCode;
        }

        async Task<IEnumerable<string>> SearchAsync(TokenAnswer by)
        {
            using var form = new FormUrlEncodedContent(
                new Dictionary<string, string> { ["subtype"] = "session.begin" }
            );
            var bundle = await AskAsync(by, HttpMethod.Post, "fhir/AuditEvent/_search", form);
            return (bundle!["entry"]?.AsArray() ?? []).Select(entry => entry!["resource"]!.ToJsonString());
        }

        var (own, others) = (await SearchAsync(council), await SearchAsync(trust));
        Assert.Equal(2, own.Count());
        Assert.All(own, record => Assert.Contains("\"E08999901\"", record, StringComparison.Ordinal));
        Assert.Contains(own, record => record.Contains("development|p05", StringComparison.Ordinal));
        Assert.Contains("development|p04", Assert.Single(others), StringComparison.Ordinal);
        Assert.Equal(403, (int?)await AskAsync(await portal.Tokens("p05"), HttpMethod.Get, "audit/roots"));
        var root = await Eventually.UntilAsync(
            () => AskAsync(council, HttpMethod.Get, "audit/roots"),
            root => root is JsonObject
        );
        Assert.Equal("identity", (string?)root!["service"]);
        // This hour's root may have been made before the council's first record.
        Assert.Contains((string?)root["chain"]?["organisation"], (string?[])[null, "E08999901"]);
    }

    private static JsonObject Application() => Ground.Application(Portal.Id, PortalKey);

    private static JsonObject System() => Ground.Client("rx1-epr", "RX1", ["encounter.submit"], Key);

    private static async Task<TokenAnswer> SystemAsync(Portal portal, string? scope = null, string client = "rx1-epr")
    {
        var assertion = new AnAssertion(client, Key);
        assertion.Claims["aud"] = $"{portal.Identity}connect/token";
        using var http = new HttpClient();
        using var content = new FormUrlEncodedContent(
            new Dictionary<string, string>
            {
                ["grant_type"] = "client_credentials",
                ["client_assertion_type"] = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
                ["client_assertion"] = assertion.ToString(),
                ["scope"] = scope ?? "",
            }
        );
        using var response = await http.PostAsync(new Uri(portal.Identity, "connect/token"), content, Cancelled);
        return await TokenAnswer.ReadAsync(response);
    }

    private static async Task<List<string>> RecordsAsync(Ground ground, bool ofConfiguration = false)
    {
        await using var source = NpgsqlDataSource.Create(ground.ConnectionString);
        await using var command = source.CreateCommand(
            """
            SELECT concat_ws(' ', act, organisation, client_id, coalesce(person, '-'), coalesce(role, '-'),
                coalesce(assurance, '-'), outcome, coalesce(code, '-'))
            FROM identity.audit_record WHERE (act ~ $1) = $2 ORDER BY number
            """
        );
        command.Parameters.Add(new() { Value = "^(configuration|provider|client)[.](?!withdraw)" });
        command.Parameters.Add(new() { Value = ofConfiguration });
        await using var reader = await command.ExecuteReaderAsync(Cancelled);
        var records = new List<string>();
        while (await reader.ReadAsync(Cancelled))
            records.Add(reader.GetString(0));
        return records;
    }
}
