using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using Safeguarding.TestKit;

namespace Safeguarding.Identity.Tests;

/// <summary>A service refuses within a minute what identity has revoked: it asks every fifteen seconds.</summary>
public sealed class Tokens_that_are_revoked(HubServers servers)
{
    private static readonly ClientKey PortalKey = ClientKey.Rsa("portal-1");
    private static readonly ClientKey Key = ClientKey.Rsa("rx1-1");
    private static readonly ClientKey AnotherKey = ClientKey.Rsa("rx1-2");
    private static readonly JsonObject Application = Ground.Application(Portal.Id, PortalKey);
    private static readonly JsonObject Duty = OutsideIssuer.Rule(["E08999901"], "duty-worker", ("groups", "duty"));
    private static readonly JsonObject Lead = OutsideIssuer.Rule(
        ["E08999901"],
        "safeguarding-lead",
        ("groups", "lead")
    );

    private static readonly Dictionary<string, Func<Scene, Task>> OfSystem = new()
    {
        ["disabled"] = scene => scene.Rewrite(Disabled(System()), Application),
        ["removed"] = scene => scene.Rewrite(Application),
        ["less a key"] = scene => scene.Rewrite(System(AnotherKey), Application),
        ["another key by the same name"] = scene => scene.Rewrite(System(ClientKey.Rsa("rx1-1")), Application),
        ["less a scope"] = scene => scene.Rewrite(System("site.write"), Application),
        ["disabled and enabled again"] = async scene =>
        {
            await scene.Rewrite(Disabled(System()), Application);
            await scene.Rewrite(System(), Application);
        },
        ["given back by itself"] = async scene =>
        {
            var answer = await scene.Revoke("rx1-epr", Key, scene.System);
            Assert.True(answer.Status == 200, answer.Body);
        },
    };

    private static readonly Dictionary<string, Func<Scene, Task>> OfPerson = new()
    {
        ["signed out"] = async scene =>
        {
            using var browser = new Browser(scene.Portal.Identity);
            var page = await browser.Get($"/connect/endsession?id_token_hint={scene.Duty.Text("id_token")}");
            Assert.True(page.Status == 200, page.Body);
        },
        ["refresh token given back"] = async scene =>
        {
            var answer = await scene.Revoke(Portal.Id, PortalKey, scene.Duty.Text("refresh_token")!);
            Assert.True(answer.Status == 200, answer.Body);
        },
        ["access token given back"] = async scene =>
        {
            var answer = await scene.Revoke(Portal.Id, PortalKey, scene.Duty.Token!);
            Assert.True(answer.Status == 200, answer.Body);
        },
        ["refresh token used twice"] = async scene =>
        {
            await scene.Portal.Refresh(scene.Duty);
            await scene.Portal.Refresh(scene.Duty);
        },
        ["rule withdrawn"] = async scene =>
        {
            scene.Issuer.WriteFile(scene.Ground, rules: [Lead]);
            await Eventually.UntilAsync(
                () => Task.FromResult(scene.Identity.Log.Any(line => line.Contains("1 sessions", Exactly))),
                ended => ended
            );
        },
    };

    private const StringComparison Exactly = StringComparison.Ordinal;

    public static TheoryData<string> Systems => [.. OfSystem.Keys];

    public static TheoryData<string> People => [.. OfPerson.Keys];

    [Theory]
    [MemberData(nameof(Systems))]
    public async Task The_token_of_a_system_stops_and_those_of_people_do_not(string how)
    {
        await using var scene = await Scene.SetAsync(servers);

        await OfSystem[how](scene);

        Assert.Equal("token-revoked", await scene.Service.AskAfterFifteenSeconds(scene.System));
        Assert.Equal("200", await scene.Service.Ask(scene.Duty.Token!));
    }

    [Theory]
    [MemberData(nameof(People))]
    public async Task The_token_of_a_person_stops_and_those_of_others_do_not(string how)
    {
        await using var scene = await Scene.SetAsync(servers);

        await OfPerson[how](scene);

        Assert.Equal("token-revoked", await scene.Service.AskAfterFifteenSeconds(scene.Duty.Token!));
        Assert.Equal(
            ("200", "200"),
            (await scene.Service.Ask(scene.Lead.Token!), await scene.Service.Ask(scene.System))
        );
    }

    [Fact]
    public async Task A_disabled_application_stops_the_tokens_of_all_who_use_it()
    {
        await using var scene = await Scene.SetAsync(servers);

        await scene.Rewrite(System(), Disabled(Application));

        Assert.Equal("token-revoked", await scene.Service.AskAfterFifteenSeconds(scene.Duty.Token!));
        Assert.Equal("token-revoked", await scene.Service.Ask(scene.Lead.Token!));
        Assert.Equal("200", await scene.Service.Ask(scene.System));
    }

    [Fact]
    public async Task Nobody_gives_back_the_token_of_another()
    {
        await using var scene = await Scene.SetAsync(servers);

        // Answered like a token that is not known (RFC 7009), and nothing is published.
        Assert.Equal(200, (await scene.Revoke("rx1-epr", Key, scene.Duty.Token!)).Status);
        Assert.Equal(200, (await scene.Revoke(Portal.Id, PortalKey, scene.System)).Status);
        Assert.Equal(
            """{"revocations":[]}""",
            await scene.Identity.Http.GetStringAsync("revocations", TestContext.Current.CancellationToken)
        );
    }

    [Fact]
    public async Task Without_identity_people_are_refused_after_three_minutes_and_systems_work_on()
    {
        await using var scene = await Scene.SetAsync(servers);
        await scene.Identity.DisposeAsync();

        scene.Clock.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal("200", await scene.Service.Ask(scene.Duty.Token!));
        scene.Clock.Advance(TimeSpan.FromSeconds(90));

        Assert.Equal("revocations-unavailable", await scene.Service.Ask(scene.Duty.Token!));
        Assert.Equal("200", await scene.Service.Ask(scene.System));
    }

    [Fact]
    public async Task What_is_published_names_no_person_and_is_not_sent_again_unchanged()
    {
        await using var scene = await Scene.SetAsync(servers);
        await scene.Portal.Refresh(scene.Duty);
        await scene.Portal.Refresh(scene.Duty);
        using var first = await scene.Identity.Http.GetAsync("revocations", TestContext.Current.CancellationToken);
        using var request = new HttpRequestMessage(HttpMethod.Get, "revocations");
        request.Headers.IfNoneMatch.Add(first.Headers.ETag!);
        using var second = await scene.Identity.Http.SendAsync(request, TestContext.Current.CancellationToken);

        var list = JsonNode.Parse(await first.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
        var only = Assert.Single(list["revocations"]!.AsArray())!.AsObject();
        Assert.Equal(["kind", "id", "issuedBy"], only.Select(member => member.Key));
        Assert.Equal("session", (string?)only["kind"]);
        Assert.Equal(304, (int)second.StatusCode);
    }

    private static JsonObject System(ClientKey key) =>
        Ground.Client("rx1-epr", "RX1", ["encounter.submit", "site.write"], key);

    private static JsonObject System(params string[] scopes) =>
        Ground.Client("rx1-epr", "RX1", scopes is [] ? ["encounter.submit", "site.write"] : scopes, Key);

    private static JsonObject Disabled(JsonObject client)
    {
        var disabled = client.DeepClone().AsObject();
        disabled["disabled"] = true;
        return disabled;
    }

    /// <summary>Identity, a provider, a service that trusts identity, and three tokens in hand.</summary>
    private sealed class Scene : IAsyncDisposable
    {
        public required Ground Ground { get; init; }

        public required OutsideIssuer Issuer { get; init; }

        public required TokenService Identity { get; init; }

        public required Portal Portal { get; init; }

        public required GuardedService Service { get; init; }

        public required FakeTimeProvider Clock { get; init; }

        public required TokenAnswer Duty { get; init; }

        public required TokenAnswer Lead { get; init; }

        public required string System { get; init; }

        public static async Task<Scene> SetAsync(HubServers servers)
        {
            var ground = await Ground.CreateAsync(servers, Tokens_that_are_revoked.System(), Application);
            var issuer = new OutsideIssuer();
            await issuer.StartAsync();
            issuer.WriteFile(ground, rules: [Tokens_that_are_revoked.Duty, Tokens_that_are_revoked.Lead]);
            var identity = TokenService.StartForPeople(ground, null, ("Identity:DevelopmentProvider", "false"));
            var portal = new Portal(identity, PortalKey);
            var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
            var scene = new Scene
            {
                Ground = ground,
                Issuer = issuer,
                Identity = identity,
                Portal = portal,
                Clock = clock,
                Service = await GuardedService.StartAsync(portal.Identity, clock),
                Duty = await portal.Redeem((await issuer.SignIn(portal, ("groups", "duty"))).Query("code")!),
                Lead = await portal.Redeem((await issuer.SignIn(portal, ("groups", "lead"))).Query("code")!),
                System = (await identity.Ask(Assertion(portal, "rx1-epr", Key))).Token!,
            };
            foreach (var token in (string[])[scene.Duty.Token!, scene.Lead.Token!, scene.System])
                Assert.Equal("200", await scene.Service.Ask(token));
            return scene;
        }

        public Task Rewrite(params JsonObject[] clients) => Identity.Rewrite(Ground, clients);

        public async Task<TokenAnswer> Revoke(string client, ClientKey key, string token)
        {
            using var form = new FormUrlEncodedContent(
                new Dictionary<string, string>
                {
                    ["token"] = token,
                    ["client_assertion_type"] = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
                    ["client_assertion"] = Assertion(Portal, client, key).ToString(),
                }
            );
            using var answer = await Identity.Http.PostAsync(
                "connect/revoke",
                form,
                TestContext.Current.CancellationToken
            );
            return await TokenAnswer.ReadAsync(answer);
        }

        public async ValueTask DisposeAsync()
        {
            await Service.DisposeAsync();
            await Identity.DisposeAsync();
            Issuer.Dispose();
            Ground.Dispose();
        }

        private static AnAssertion Assertion(Portal portal, string client, ClientKey key)
        {
            var assertion = new AnAssertion(client, key);
            assertion.Claims["aud"] = $"{portal.Identity}connect/token";
            return assertion;
        }
    }
}
