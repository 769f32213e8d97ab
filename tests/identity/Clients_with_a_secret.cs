using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Safeguarding.TestKit;

namespace Safeguarding.Identity.Tests;

public sealed class Clients_with_a_secret(HubServers servers)
{
    private readonly ClientKey _key = ClientKey.Rsa("rx1-1");

    [Fact]
    public async Task Get_a_token_where_secrets_are_allowed_and_only_with_the_right_one()
    {
        using var ground = await Ground.CreateAsync(
            servers,
            Ground.ClientWithSecret("demo-council", "E06000015", "only-for-development"),
            Ground.Client("rx1-epr", "RX1", ["encounter.submit"], _key)
        );
        await using var service = TokenService.Start(ground, ("Identity:AllowClientSecrets", "true"));

        Assert.NotNull((await service.Ask(Secret("demo-council", "only-for-development"))).Token);
        Assert.NotNull((await Basic(service, "demo-council", "only-for-development")).Token);
        Assert.NotNull((await service.Ask(new AnAssertion("rx1-epr", _key))).Token);

        TokenAnswer[] refused =
        [
            await service.Ask(Secret("demo-council", "only-for-developmenT")),
            await service.Ask(Secret("nobody", "only-for-development")),
            await service.Ask(Secret("rx1-epr", "only-for-development")),
            await Basic(service, "demo-council", "wrong"),
        ];
        Assert.All(refused, answer => Assert.Equal((401, "invalid_client"), (answer.Status, answer.Error)));
        // A wrong id and a wrong secret look the same.
        Assert.Single(refused.Select(answer => answer.Description).Distinct());
    }

    [Fact]
    public async Task Neither_a_secret_nor_an_assertion_nor_both_at_once_get_a_token()
    {
        using var ground = await Ground.CreateAsync(
            servers,
            Ground.ClientWithSecret("demo-council", "E06000015", "only-for-development"),
            Ground.Client("rx1-epr", "RX1", ["encounter.submit"], _key)
        );
        await using var service = TokenService.Start(ground, ("Identity:AllowClientSecrets", "true"));

        var neither = await service.Ask(new Dictionary<string, string?> { ["client_id"] = "demo-council" });
        var empty = await service.Ask(Secret("rx1-epr", ""));
        var both = await service.Ask(
            new Dictionary<string, string?>(Secret("demo-council", "only-for-development"))
            {
                ["client_assertion_type"] = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
                ["client_assertion"] = new AnAssertion("rx1-epr", _key).ToString(),
            }
        );

        Assert.All([neither, empty, both], answer => Assert.InRange(answer.Status, 400, 401));
        Assert.All([neither, empty, both], answer => Assert.Null(answer.Token));
    }

    [Fact]
    public async Task Guesses_of_a_secret_are_slowed_down_and_lock_nobody_else_out()
    {
        using var ground = await Ground.CreateAsync(
            servers,
            Ground.ClientWithSecret("demo-council", "E06000015", "only-for-development"),
            Ground.Client("rx1-epr", "RX1", ["encounter.submit"], _key)
        );
        await using var service = TokenService.Start(
            ground,
            ("Identity:AllowClientSecrets", "true"),
            ("Identity:TokenRequestsPerMinute", "20"),
            ("Hub:TrustedProxies", "127.0.0.1, ::1")
        );

        var guesses = await Task.WhenAll(
            Enumerable
                .Range(0, 50)
                .Select(i =>
                    i % 2 == 0
                        ? service.Ask(Secret("demo-council", $"guess-{i}"))
                        : Basic(service, "demo-council", $"guess-{i}")
                )
        );
        var right = await service.Ask(Secret("demo-council", "only-for-development"));
        var another = await service.Ask(new AnAssertion("rx1-epr", _key));
        var elsewhere = await Basic(service, "demo-council", "only-for-development", from: "192.0.2.7");

        Assert.Equal(20, guesses.Count(answer => answer is { Status: 401, Error: "invalid_client" }));
        Assert.Equal(30, guesses.Count(answer => answer is { Status: 429, Error: "slow_down" }));
        Assert.Equal((429, null), (right.Status, right.Token));
        Assert.NotNull(another.Token);
        Assert.NotNull(elsewhere.Token);
    }

    [Fact]
    public async Task The_client_that_signs_people_in_asks_for_all_of_them()
    {
        using var ground = await Ground.CreateAsync(
            servers,
            Ground.Application(Portal.Id, _key),
            ApplicationWithSecret("demo-portal"),
            Ground.Client("rx1-epr", "RX1", ["encounter.submit"], _key)
        );
        await using var service = TokenService.Start(
            ground,
            ("Identity:AllowClientSecrets", "true"),
            ("Identity:TokenRequestsPerMinute", "2")
        );
        var portal = new Portal(service, _key);

        // More than an address may, were it another client's.
        for (var person = 0; person < 30; person++)
            Assert.NotEqual(429, (await portal.Push()).Status);

        // Whoever makes it push all that it may keeps nobody from renewing a token.
        for (var stranger = 30; stranger < 200; stranger++)
            Assert.NotEqual(429, (await portal.Push([])).Status);
        Assert.Equal(429, (await portal.Push([])).Status);
        Assert.NotEqual(429, (await portal.Send("connect/token", [])).Status);

        await service.Ask(new AnAssertion("rx1-epr", _key));
        await service.Ask(new AnAssertion("rx1-epr", _key));
        Assert.Equal(429, (await service.Ask(new AnAssertion("rx1-epr", _key))).Status);
        // Its secret could be guessed.
        await service.Ask(Secret("demo-portal", "guess-1"));
        await service.Ask(Secret("demo-portal", "guess-2"));
        Assert.Equal(429, (await service.Ask(Secret("demo-portal", "guess-3"))).Status);
    }

    [Fact]
    public async Task Who_shows_no_token_is_bounded_by_address_and_keeps_no_client_from_its_token()
    {
        using var ground = await Ground.CreateAsync(
            servers,
            Ground.Client("rx1-epr", "RX1", ["encounter.submit"], _key)
        );
        await using var service = TokenService.Start(ground, ("RequestLimits:StrangersPerMinute", "3"));
        var statuses = new List<int>();
        foreach (
            var path in (string[])
                [
                    "connect/authorize",
                    "connect/authorize",
                    "connect/authorize",
                    "connect/authorize",
                    "signin/choose",
                    "development/authorize",
                    "revocations",
                    ".well-known/jwks",
                    "revocations",
                    "revocations",
                    "health/live",
                ]
        )
        {
            using var answer = await service.Http.GetAsync(path, TestContext.Current.CancellationToken);
            statuses.Add((int)answer.StatusCode);
        }

        Assert.Equal([400, 400, 400, 429, 429, 429, 200, 200, 200, 429, 200], statuses);
        Assert.NotNull((await service.Ask(new AnAssertion("rx1-epr", _key))).Token);
        var kestrel = service.Services.GetRequiredService<IOptions<KestrelServerOptions>>().Value;
        Assert.Equal((5000, 64 * 1024), (kestrel.Limits.MaxConcurrentConnections, kestrel.Limits.MaxRequestBodySize));
    }

    private static JsonObject ApplicationWithSecret(string id)
    {
        var application = Ground.ClientWithSecret(id, "HUB", "only-for-development");
        application.Remove("scopes");
        application["redirectUris"] = new JsonArray("https://portal.example/signed-in");
        return application;
    }

    private static Dictionary<string, string?> Secret(string client, string secret) =>
        new() { ["client_id"] = client, ["client_secret"] = secret };

    private static async Task<TokenAnswer> Basic(
        TokenService service,
        string client,
        string secret,
        string? from = null
    )
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "connect/token")
        {
            Content = new FormUrlEncodedContent(
                new Dictionary<string, string> { ["grant_type"] = "client_credentials" }
            ),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue(
            "Basic",
            Convert.ToBase64String(Encoding.UTF8.GetBytes($"{client}:{secret}"))
        );
        if (from is not null)
            request.Headers.Add("X-Forwarded-For", from);
        using var response = await service.Http.SendAsync(request, TestContext.Current.CancellationToken);
        return await TokenAnswer.ReadAsync(response);
    }
}
