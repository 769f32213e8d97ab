using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Safeguarding.Hosting.Audit;
using Safeguarding.Hosting.Privacy;
using Safeguarding.TestKit;

namespace Safeguarding.Identity.Tests;

/// <summary>An engineer sees the clients of their organisation, checks their tokens and replaces their keys.</summary>
public sealed class Clients_of_an_organisation(HubServers servers)
{
    private const string Engineer = "p22";
    private const string Councils = "p23";
    private const string Epr = "rz1-epr";
    private static readonly ClientKey PortalKey = ClientKey.Rsa("portal-1");
    private static readonly ClientKey First = ClientKey.Rsa("rz1-1");
    private static readonly ClientKey Second = ClientKey.P384("rz1-2");
    private static readonly ClientKey Others = ClientKey.Rsa("ryj-1");

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_new_key_is_good_beside_the_old_and_the_last_is_never_ended()
    {
        await using var scene = await Scene.SetAsync(servers);
        Assert.Equal(200, (await scene.AskAsync(First)).Status);
        Assert.Equal(401, (await scene.AskAsync(Second)).Status);
        Assert.Equal("409 last-key", await scene.EndAsync(First));

        Assert.Equal("204", await scene.RegisterAsync(Second.Jwk()));
        Assert.Equal("204", await scene.RegisterAsync(Second.Jwk()));
        await scene.UntilAsync(Second, 200);
        Assert.Equal(200, (await scene.AskAsync(First)).Status);
        var keys = (await scene.ListAsync(Engineer))[0]!["keys"]!.AsArray();
        Assert.Equal(["rz1-1", "rz1-2"], keys.Select(key => (string?)key!["kid"]));
        Assert.Equal([false, true], keys.Select(key => key!["addedAt"] is not null));
        Assert.All(keys, key => Assert.NotNull(key!["usedAt"]));

        Assert.Equal("204", await scene.EndAsync(First));
        Assert.Equal("204", await scene.EndAsync(First));
        await scene.UntilAsync(First, 401);
        Assert.Equal(200, (await scene.AskAsync(Second)).Status);
        Assert.Equal("409 last-key", await scene.EndAsync(Second));

        Assert.Equal(
            [("client.key.add", "rz1-epr: rz1-2"), ("client.key.end", "rz1-epr: rz1-1")],
            await scene.RecordsAsync()
        );
        // An operator who disables the client has the last word.
        await scene.Identity.Rewrite(scene.Ground, [.. Scene.ClientsOf(disabled: true)]);
        Assert.Equal("The client is disabled.", (await scene.AskAsync(Second)).Description);
        // And one who takes it away and gives it back begins with the keys of the file.
        await scene.Identity.Rewrite(
            scene.Ground,
            [.. Scene.ClientsOf(disabled: false).Where(one => (string?)one["id"] != Epr)]
        );
        await Eventually.UntilAsync(() => scene.CountAsync("identity.client_key"), count => count == 0);
        await scene.Identity.Rewrite(scene.Ground, [.. Scene.ClientsOf(disabled: false)]);
        await scene.UntilAsync(First, 200);
        Assert.Equal(401, (await scene.AskAsync(Second)).Status);
    }

    [Fact]
    public async Task What_is_no_public_key_or_not_this_organisations_is_refused_by_its_code()
    {
        await using var scene = await Scene.SetAsync(servers);
        var with = Second.Jwk();
        with["d"] = "AQAB";
        var known = ClientKey.Rsa("rz1-1").Jwk();
        var small = new JsonObject
        {
            ["kty"] = "RSA",
            ["kid"] = "small",
            ["n"] = "AQAB",
            ["e"] = "AQAB",
        };

        Assert.StartsWith("400", await scene.RegisterAsync(with), StringComparison.Ordinal);
        Assert.Equal("400 key-invalid", await scene.RegisterAsync(small));
        Assert.Equal("409 key-known", await scene.RegisterAsync(known));
        Assert.Equal("400 kid-unknown", await scene.EndAsync(Second));
        // Another organisation's, the portal's, and none are the same.
        foreach (var id in (string[])["ryj-epr", Portal.Id, "none"])
            Assert.Equal("404 not-found", await scene.RegisterAsync(Second.Jwk(), id));
        foreach (var n in Enumerable.Range(2, 4))
            Assert.Equal("204", await scene.RegisterAsync(ClientKey.P384($"rz1-{n}").Jwk()));
        Assert.Equal("409 too-many-keys", await scene.RegisterAsync(ClientKey.P384("rz1-6").Jwk()));
        Assert.Empty(await scene.ListAsync(Councils));
        Assert.Equal("403 insufficient-scope", await scene.RegisterAsync(Second.Jwk(), by: "p03"));
    }

    public static TheoryData<string, string> Faults { get; } =
        new()
        {
            { "none", "" },
            { "alg", "alg" },
            { "kid", "kid" },
            { "aud", "aud" },
            { "exp", "exp" },
            { "jti", "jti" },
            { "signature", "signature" },
            { "several", "aud exp" },
        };

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task An_assertion_is_refused_claim_by_claim_as_the_token_endpoint_would_and_stays_unused(
        string fault,
        string refused
    )
    {
        await using var scene = await Scene.SetAsync(servers);
        var assertion = scene.Assertion(First).With(one => Break(one, fault));

        var answer = await scene.CheckAsync($"{assertion}");

        Assert.Equal(
            refused,
            string.Join(' ', Claims(answer).Where(claim => !claim.Accepted).Select(claim => claim.Claim).Distinct())
        );
        Assert.Equal(("client-assertion", Epr), ((string?)answer["kind"], (string?)answer["client"]));
        var asked = await scene.Identity.Ask(assertion);
        Assert.Equal(fault == "none" ? 200 : 401, asked.Status);
        if (fault is not ("none" or "signature"))
            Assert.Equal(Claims(answer).First(claim => !claim.Accepted).Detail, asked.Description);
        if (fault == "none")
        {
            Assert.Contains(Claims(await scene.CheckAsync($"{assertion}")), claim =>
                claim is { Claim: "jti", Accepted: false }
            );
        }
    }

    [Fact]
    public async Task Anothers_client_is_answered_as_one_that_there_is_not()
    {
        await using var scene = await Scene.SetAsync(servers);
        var (theirs, nobodys) = (scene.Assertion(Others, "ryj-epr"), scene.Assertion(Others, "ryj-xyz"));

        var (one, other) = (await scene.CheckAsync($"{theirs}"), await scene.CheckAsync($"{nobodys}"));

        Assert.Null((string?)one["client"]);
        Assert.Equal(Claims(other), Claims(one));
        Assert.DoesNotContain("ryj-1", one.ToJsonString(), StringComparison.Ordinal);
        var token = (await scene.Identity.Ask(scene.Assertion(Others, "ryj-epr"))).Token!;
        var access = await scene.CheckAsync(token);
        Assert.Contains(Claims(access), claim => claim is { Claim: "client_id", Accepted: false });
        Assert.Empty(access["scopes"]!.AsArray());
    }

    [Fact]
    public async Task An_access_token_is_accepted_until_its_client_is_disabled()
    {
        await using var scene = await Scene.SetAsync(servers);
        var token = (await scene.AskAsync(First)).Token!;
        var good = await scene.CheckAsync(token);
        Assert.All(Claims(good), claim => Assert.True(claim.Accepted, claim.Claim));
        Assert.Equal(("access-token", Epr), ((string?)good["kind"], (string?)good["client"]));

        await scene.Identity.Rewrite(scene.Ground, [.. Scene.ClientsOf(disabled: true)]);

        Assert.Contains(Claims(await scene.CheckAsync(token)), claim => claim is { Claim: "revoked", Accepted: false });
        Assert.Equal(
            "400 token-unreadable",
            await scene.StatusAsync("clients/check-token", new { token = "a.b" }, Engineer)
        );
        Assert.DoesNotContain(scene.Identity.Log, line => line.Contains(token[..30], StringComparison.Ordinal));
    }

    private static void Break(AnAssertion assertion, string what)
    {
        if (what == "alg")
            assertion.Header["alg"] = "PS512";
        if (what == "kid")
            assertion.Header["kid"] = "rz1-9";
        if (what is "aud" or "several")
            assertion.Claims["aud"] = "https://elsewhere.example/token";
        if (what is "exp" or "several")
            assertion.Claims["exp"] = AnAssertion.InSeconds(-600);
        if (what == "jti")
            assertion.Claims.Remove("jti");
        if (what == "signature")
            assertion.SignedBy = bytes => Others.Sign("RS512", bytes);
    }

    private static (string Claim, bool Accepted, string Detail)[] Claims(JsonNode answer) =>
        [
            .. answer["claims"]!
                .AsArray()
                .Select(claim => ((string)claim!["claim"]!, (bool)claim["accepted"]!, (string)claim["detail"]!)),
        ];

    private sealed class Scene : IAsyncDisposable
    {
        private readonly Dictionary<string, string> _tokens = [];

        public required Ground Ground { get; init; }

        public required TokenService Identity { get; init; }

        public required Portal Portal { get; init; }

        public static async Task<Scene> SetAsync(HubServers servers)
        {
            var ground = await Ground.CreateAsync(servers, [.. ClientsOf(disabled: false)]);
            var identity = TokenService.StartForPeople(ground);
            return new Scene
            {
                Ground = ground,
                Identity = identity,
                Portal = new Portal(identity, PortalKey),
            };
        }

        public AnAssertion Assertion(ClientKey key, string client = Epr) =>
            new AnAssertion(client, key, key == Second ? "ES384" : "RS512").With(one =>
                one.Claims["aud"] = $"{Portal.Identity.AbsoluteUri}connect/token"
            );

        public Task<TokenAnswer> AskAsync(ClientKey key) => Identity.Ask(Assertion(key));

        public Task<TokenAnswer> UntilAsync(ClientKey key, int status) =>
            Eventually.UntilAsync(() => AskAsync(key), answer => answer.Status == status);

        public Task<string> RegisterAsync(JsonObject key, string id = Epr, string by = Engineer) =>
            StatusAsync($"clients/{id}/keys", new { keys = new[] { key } }, by);

        public Task<string> EndAsync(ClientKey key) =>
            StatusAsync($"clients/{Epr}/keys/end", new { kid = key.Id }, Engineer);

        public async Task<string> StatusAsync(string path, object body, string by)
        {
            using var answer = await SendAsync(HttpMethod.Post, path, by, JsonContent.Create(body));
            return answer.IsSuccessStatusCode
                ? $"{(int)answer.StatusCode}"
                : $"{(int)answer.StatusCode} {JsonNode.Parse(await answer.Content.ReadAsStringAsync(Cancelled))!["code"]}";
        }

        public async Task<JsonArray> ListAsync(string by)
        {
            using var answer = await SendAsync(HttpMethod.Get, "clients", by, null);
            return JsonNode.Parse(await answer.Content.ReadAsStringAsync(Cancelled))!.AsArray();
        }

        public async Task<JsonNode> CheckAsync(string token)
        {
            using var answer = await SendAsync(
                HttpMethod.Post,
                "clients/check-token",
                Engineer,
                JsonContent.Create(new { token })
            );
            var text = await answer.Content.ReadAsStringAsync(Cancelled);
            Assert.True(answer.IsSuccessStatusCode, text);
            return JsonNode.Parse(text)!;
        }

        /// <summary>What the audit has of keys: the act and, opened, which.</summary>
        public async Task<IReadOnlyList<(string Act, string Which)>> RecordsAsync()
        {
            await using var source = NpgsqlDataSource.Create(Ground.ConnectionString);
            await using var command = source.CreateCommand(
                "SELECT act, reason FROM identity.audit_record WHERE act LIKE 'client.key.%' AND reason IS NOT NULL ORDER BY id"
            );
            await using var reader = await command.ExecuteReaderAsync(Cancelled);
            List<(string, string)> records = [];
            while (await reader.ReadAsync(Cancelled))
            {
                records.Add(
                    (
                        reader.GetString(0),
                        AuditReason.Open(Identity.Services.GetRequiredService<Sealer>(), reader.GetString(1))!
                    )
                );
            }

            return records;
        }

        public async Task<long> CountAsync(string table)
        {
            await using var source = NpgsqlDataSource.Create(Ground.ConnectionString);
            await using var command = source.CreateCommand($"SELECT count(*) FROM {table}");
            return (long)(await command.ExecuteScalarAsync(Cancelled))!;
        }

        public async ValueTask DisposeAsync()
        {
            await Identity.DisposeAsync();
            Ground.Dispose();
        }

        public static IEnumerable<JsonObject> ClientsOf(bool disabled)
        {
            var epr = Ground.Client(Epr, "RZ1", ["encounter.submit"], First);
            if (disabled)
                epr["disabled"] = true;
            return
            [
                Ground.Application(Portal.Id, PortalKey),
                epr,
                Ground.Client("ryj-epr", "RYJ", ["encounter.submit"], Others),
            ];
        }

        private async Task<HttpResponseMessage> SendAsync(
            HttpMethod method,
            string path,
            string by,
            HttpContent? content
        )
        {
            if (!_tokens.TryGetValue(by, out var token))
                _tokens[by] = token = (await Portal.Tokens(by)).Token!;
            using var request = new HttpRequestMessage(method, path) { Content = content };
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            return await Identity.Http.SendAsync(request, Cancelled);
        }
    }
}
