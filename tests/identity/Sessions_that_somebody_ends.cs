using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Microsoft.IdentityModel.JsonWebTokens;
using Npgsql;
using Safeguarding.Cli;
using Safeguarding.Hosting.Audit;
using Safeguarding.Hosting.Privacy;
using Safeguarding.TestKit;

namespace Safeguarding.Identity.Tests;

/// <summary>
/// An operator ends sessions of any organisation, a privacy officer those of their own: in every service, with a reason
/// in the audit, and without taking the client or the role away.
/// </summary>
public sealed class Sessions_that_somebody_ends(HubServers servers)
{
    private const string Northmoor = "E08999901";
    private const string Duty = "p05";
    private const string Officer = "p10";
    private const string OfficerOfTrust = "p04";
    private const string Operator = "p17";
    private const string Why = "Their laptop was stolen";
    private const string Operations = "hub-operations";
    private static readonly ClientKey PortalKey = ClientKey.Rsa("portal-1");
    private static readonly ClientKey OperationsKey = ClientKey.Rsa("operations-1");

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Officer)]
    [InlineData(Operator)]
    public async Task The_tokens_of_an_ended_session_are_refused_everywhere_and_the_person_can_sign_in_again(string by)
    {
        await using var scene = await Scene.SetAsync(servers);
        var (ended, kept) = (await scene.Portal.Tokens(Duty), await scene.Portal.Tokens(Duty));
        var who = await scene.Portal.Tokens(by);
        Assert.Equal("200", await scene.Service.Ask(ended.Token!));

        using var answer = await scene.EndAsync(who, ended);

        Assert.Equal(204, (int)answer.StatusCode);
        Assert.Equal("token-revoked", await scene.Service.AskAfterFifteenSeconds(ended.Token!));
        Assert.Equal("200", await scene.Service.Ask(kept.Token!));
        Assert.Equal("The session has ended.", (await scene.Portal.Refresh(ended)).Description);
        Assert.Equal(200, (await scene.Portal.Refresh(kept)).Status);
        Assert.Equal(200, (await scene.Portal.Tokens(Duty)).Status);
    }

    [Fact]
    public async Task All_sessions_of_a_person_end_and_nobody_elses()
    {
        await using var scene = await Scene.SetAsync(servers);
        TokenAnswer[] theirs = [await scene.Portal.Tokens(Duty), await scene.Portal.Tokens(Duty)];
        var officer = await scene.Portal.Tokens(Officer);

        using var answer = await scene.SendAsync(
            HttpMethod.Post,
            "sessions/end",
            officer,
            new { person = $"development|{Duty}", reason = Why }
        );

        Assert.Equal("""{"ended":2}""", await answer.Content.ReadAsStringAsync(Cancelled));
        foreach (var token in theirs)
            Assert.Equal("invalid_grant", (await scene.Portal.Refresh(token)).Error);
        Assert.Equal(200, (await scene.Portal.Refresh(officer)).Status);
    }

    [Fact]
    public async Task An_officer_sees_the_sessions_of_their_organisation_an_operator_all_and_nobody_a_name()
    {
        await using var scene = await Scene.SetAsync(servers);
        var (duty, officer) = (await scene.Portal.Tokens(Duty), await scene.Portal.Tokens(Officer));
        var (trust, hub) = (await scene.Portal.Tokens(OfficerOfTrust), await scene.Portal.Tokens(Operator));
        await scene.Portal.Refresh(duty);
        using (await scene.EndAsync(hub, await scene.Portal.Tokens("p06"))) { }

        var own = await scene.ListAsync(officer);
        var session = own.Single(one => (string?)one!["role"] == "duty-worker")!;

        Assert.Equal(
            ["client", "id", "organisation", "person", "role", "startedAt", "usedAt"],
            session.AsObject().Select(member => member.Key).Order(StringComparer.Ordinal)
        );
        Assert.Equal(
            (IdOf(duty), $"development|{Duty}", Northmoor, Portal.Id),
            (
                (Guid)session["id"]!,
                (string)session["person"]!,
                (string)session["organisation"]!,
                (string)session["client"]!
            )
        );
        Assert.True((DateTimeOffset)session["usedAt"]! > (DateTimeOffset)session["startedAt"]!);
        Assert.Equal(new[] { duty, officer }.Select(IdOf).Order(), Ids(own).Order());
        Assert.Equal([IdOf(trust)], Ids(await scene.ListAsync(trust)));
        Assert.Equal(new[] { duty, officer, trust, hub }.Select(IdOf).Order(), Ids(await scene.ListAsync(hub)).Order());
        Assert.Equal([IdOf(trust)], Ids(await scene.ListAsync(hub, "?organisation=RZ1")));
        Assert.Empty(Ids(await scene.ListAsync(officer, "?organisation=RZ1")));
    }

    [Fact]
    public async Task The_list_comes_by_pages_and_leaves_out_whoever_has_been_idle_too_long()
    {
        await using var scene = await Scene.SetAsync(servers);
        var hub = await scene.Portal.Tokens(Operator);
        await scene.SqlAsync(
            """
            INSERT INTO identity.session
                (id, client_id, rule, refresh_id, started_at, used_at, subject, organisation, role)
            SELECT replace(gen_random_uuid()::text, '-', ''), 'portal', 'r', 'n', now(),
                now() - CASE WHEN n <= 250 THEN interval '1 minute' ELSE interval '16 minutes' END, 'd|' || n, 'RZ1', 'x'
            FROM generate_series(1, 260) AS n
            """
        );

        HashSet<Guid> seen = [];
        var pages = 0;
        for (var after = ""; after is not null; pages++)
        {
            var page = await scene.PageAsync(hub, $"?organisation=RZ1{after}");
            Assert.All(Ids(page["sessions"]!.AsArray()), id => Assert.True(seen.Add(id)));
            after = page["next"] is { } next ? $"&after={next}" : null;
        }

        Assert.Equal((250, 2), (seen.Count, pages));
    }

    [Fact]
    public async Task Another_organisations_session_is_answered_like_one_that_is_not_there()
    {
        await using var scene = await Scene.SetAsync(servers);
        var duty = await scene.Portal.Tokens(Duty);
        var trust = await scene.Portal.Tokens(OfficerOfTrust);
        (string Path, object Body)[] missing =
        [
            ($"sessions/{IdOf(duty)}/end", new { reason = Why }),
            ($"sessions/{Guid.CreateVersion7()}/end", new { reason = Why }),
            ("sessions/end", new { person = $"development|{Duty}", reason = Why }),
            ("sessions/end", new { person = "development|nobody", reason = Why }),
        ];

        List<string> answers = [];
        foreach (var (path, body) in missing)
        {
            using var answer = await scene.SendAsync(HttpMethod.Post, path, trust, body);
            var problem = await answer.Content.ReadFromJsonAsync<JsonObject>(Cancelled);
            problem!.Remove("traceId");
            answers.Add($"{(int)answer.StatusCode} {problem.ToJsonString()}");
        }

        Assert.StartsWith("404 ", Assert.Single(answers.Distinct()), StringComparison.Ordinal);
        Assert.Equal(200, (await scene.Portal.Refresh(duty)).Status);
    }

    [Fact]
    public async Task Who_ended_it_and_why_is_in_the_audit_once_sealed_and_read_by_both_organisations()
    {
        await using var scene = await Scene.SetAsync(servers);
        var (duty, officer) = (await scene.Portal.Tokens(Duty), await scene.Portal.Tokens(Officer));
        var hub = await scene.Portal.Tokens(Operator);
        using (await scene.EndAsync(hub, duty)) { }
        using (var again = await scene.EndAsync(hub, duty))
            Assert.Equal(204, (int)again.StatusCode);

        var (sealedReason, count) = await scene.ReasonAsync(IdOf(duty));

        Assert.Equal(1, count);
        Assert.StartsWith("sealed:", sealedReason, StringComparison.Ordinal);
        Assert.Equal(Why, AuditReason.Open(scene.Identity.Services.GetRequiredService<Sealer>(), sealedReason));
        using var form = new FormUrlEncodedContent(
            new Dictionary<string, string> { ["subtype"] = "session.end", ["entity"] = $"{IdOf(duty)}" }
        );
        using var found = await scene.SendAsync(HttpMethod.Post, "fhir/AuditEvent/_search", officer, form);
        var record = Assert.Single(
            (await found.Content.ReadFromJsonAsync<JsonObject>(Cancelled))!["entry"]!.AsArray()
        )!["resource"]!;
        Assert.Contains("\"operator (aal3)\"", record.ToJsonString(), StringComparison.Ordinal);
        Assert.Contains($"\"development|{Operator}\"", record.ToJsonString(), StringComparison.Ordinal);
        Assert.DoesNotContain(Why, string.Join('\n', scene.Identity.Log), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}", "reason-missing")]
    [InlineData("""{"reason":"  "}""", "reason-missing")]
    [InlineData("""{"reason":"LONG"}""", "reason-too-long")]
    [InlineData("""{"reason":"x","session":"y"}""", "field-unknown")]
    public async Task Nothing_ends_without_a_reason(string body, string code)
    {
        await using var scene = await Scene.SetAsync(servers);
        var (duty, officer) = (await scene.Portal.Tokens(Duty), await scene.Portal.Tokens(Officer));
        using var content = new StringContent(
            body.Replace("LONG", new string('x', 501), StringComparison.Ordinal),
            new MediaTypeHeaderValue("application/json")
        );

        using var answer = await scene.SendAsync(HttpMethod.Post, $"sessions/{IdOf(duty)}/end", officer, content);

        Assert.Equal(400, (int)answer.StatusCode);
        Assert.Equal(code, (string?)(await answer.Content.ReadFromJsonAsync<JsonObject>(Cancelled))!["code"]);
        Assert.Equal(200, (await scene.Portal.Refresh(duty)).Status);
    }

    [Fact]
    public async Task Who_has_no_right_or_has_been_ended_themselves_ends_nobody()
    {
        await using var scene = await Scene.SetAsync(servers);
        var (duty, officer) = (await scene.Portal.Tokens(Duty), await scene.Portal.Tokens(Officer));
        using (var forbidden = await scene.EndAsync(duty, officer))
            Assert.Equal(403, (int)forbidden.StatusCode);
        using (await scene.EndAsync(await scene.Portal.Tokens(Operator), officer)) { }

        // Identity knows at once what services hear of within seconds.
        using var refused = await scene.EndAsync(officer, duty);

        Assert.Equal(401, (int)refused.StatusCode);
        Assert.Contains("token-revoked", await refused.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
        Assert.Equal(200, (await scene.Portal.Refresh(duty)).Status);
    }

    [Fact]
    public async Task A_session_that_the_release_before_began_is_listed_from_its_next_refresh_on()
    {
        await using var scene = await Scene.SetAsync(servers);
        var (duty, officer) = (await scene.Portal.Tokens(Duty), await scene.Portal.Tokens(Officer));
        await scene.SqlAsync("UPDATE identity.session SET subject = NULL, organisation = NULL, role = NULL");
        Assert.Empty(await scene.ListAsync(officer));

        await scene.Portal.Refresh(duty);

        Assert.Equal([IdOf(duty)], Ids(await scene.ListAsync(officer)));
    }

    [Fact]
    public async Task An_operator_lists_and_ends_them_from_the_command_line()
    {
        await using var scene = await Scene.SetAsync(servers);
        var (one, other) = (await scene.Portal.Tokens(Duty), await scene.Portal.Tokens(Duty));
        var credentials = Path.Combine(scene.Ground.KeysDirectory, "credentials.json");
        await File.WriteAllTextAsync(
            credentials,
            new JsonObject
            {
                ["clients"] = new JsonArray(
                    new JsonObject
                    {
                        ["id"] = Operations,
                        ["organisation"] = "HUB",
                        ["kid"] = OperationsKey.Id,
                        ["privateKey"] = OperationsKey.PrivatePem,
                    }
                ),
            }.ToJsonString(),
            Cancelled
        );
        Environment.SetEnvironmentVariable("HUB_CREDENTIALS_FILE", credentials);
        Environment.SetEnvironmentVariable("HUB_IDENTITY_URL", scene.Portal.Identity.AbsoluteUri);
        Environment.SetEnvironmentVariable("HUB_ISSUER", scene.Portal.Identity.AbsoluteUri);

        var listed = await OrderAsync("list", "--organisation", Northmoor, "--json");
        var ended = await OrderAsync("end", $"{IdOf(one)}", "--reason", Why);
        var refused = await scene.Portal.Refresh(one);
        var missing = await OrderAsync("end", $"{Guid.CreateVersion7()}", "--reason", Why);
        var all = await OrderAsync("end", "--person", $"development|{Duty}", "--reason", Why);

        Assert.Equal(
            new[] { one, other }.Select(IdOf).Order(),
            JsonNode.Parse(listed.Said)!.AsArray().Select(row => (Guid)row!["id"]!).Order()
        );
        Assert.Equal((0, "invalid_grant"), (ended.Code, refused.Error));
        Assert.Contains("404", missing.Said, StringComparison.Ordinal);
        Assert.Contains("ended: 1.", all.Said, StringComparison.Ordinal);
        Assert.Equal("invalid_grant", (await scene.Portal.Refresh(other)).Error);

        static async Task<(int Code, string Said)> OrderAsync(params string[] words)
        {
            await using var said = new StringWriter();
            var terminal = new Terminal(TextReader.Null, said, said, TimeProvider.System);
            return (await HubCli.RunAsync(["sessions", .. words], terminal), said.ToString());
        }
    }

    private static Guid IdOf(TokenAnswer tokens) =>
        Guid.ParseExact(new JsonWebToken(tokens.Token).GetClaim("sid").Value, "N");

    private static IEnumerable<Guid> Ids(JsonArray sessions) => sessions.Select(session => (Guid)session!["id"]!);

    /// <summary>Identity with its made-up people, and a service that trusts it.</summary>
    private sealed class Scene : IAsyncDisposable
    {
        public required Ground Ground { get; init; }

        public required TokenService Identity { get; init; }

        public required Portal Portal { get; init; }

        public required GuardedService Service { get; init; }

        public static async Task<Scene> SetAsync(HubServers servers)
        {
            var ground = await Ground.CreateAsync(
                servers,
                Ground.Application(Portal.Id, PortalKey),
                Ground.Client(Operations, "HUB", ["ops", "session.end"], OperationsKey)
            );
            var identity = TokenService.StartForPeople(ground);
            var portal = new Portal(identity, PortalKey);
            return new Scene
            {
                Ground = ground,
                Identity = identity,
                Portal = portal,
                Service = await GuardedService.StartAsync(
                    portal.Identity,
                    new FakeTimeProvider(TimeProvider.System.GetUtcNow())
                ),
            };
        }

        public Task<HttpResponseMessage> EndAsync(TokenAnswer by, TokenAnswer whose) =>
            SendAsync(HttpMethod.Post, $"sessions/{IdOf(whose)}/end", by, new { reason = Why });

        public Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, TokenAnswer by, object body) =>
            SendAsync(method, path, by, JsonContent.Create(body));

        public async Task<HttpResponseMessage> SendAsync(
            HttpMethod method,
            string path,
            TokenAnswer by,
            HttpContent? body
        )
        {
            using var request = new HttpRequestMessage(method, path) { Content = body };
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", by.Token);
            return await Identity.Http.SendAsync(request, Cancelled);
        }

        public async Task<JsonObject> PageAsync(TokenAnswer by, string query)
        {
            using var answer = await SendAsync(HttpMethod.Get, $"sessions{query}", by, body: null);
            var text = await answer.Content.ReadAsStringAsync(Cancelled);
            Assert.True(answer.IsSuccessStatusCode, text);
            return JsonNode.Parse(text)!.AsObject();
        }

        public async Task<JsonArray> ListAsync(TokenAnswer by, string query = "") =>
            (await PageAsync(by, query))["sessions"]!.AsArray();

        public async Task SqlAsync(string sql)
        {
            await using var source = NpgsqlDataSource.Create(Ground.ConnectionString);
            await using var command = source.CreateCommand(sql);
            await command.ExecuteNonQueryAsync(Cancelled);
        }

        public async Task<(string Reason, long Count)> ReasonAsync(Guid session)
        {
            await using var source = NpgsqlDataSource.Create(Ground.ConnectionString);
            await using var command = source.CreateCommand(
                """
                SELECT min(reason), count(*) FROM identity.audit_record
                WHERE act = 'session.end' AND subject = $1 AND outcome = 'success'
                """
            );
            command.Parameters.Add(new() { Value = session });
            await using var reader = await command.ExecuteReaderAsync(Cancelled);
            await reader.ReadAsync(Cancelled);
            return (reader.GetString(0), reader.GetInt64(1));
        }

        public async ValueTask DisposeAsync()
        {
            await Service.DisposeAsync();
            await Identity.DisposeAsync();
            Ground.Dispose();
        }
    }
}
