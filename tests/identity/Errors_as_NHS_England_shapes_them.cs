using System.Text.Json.Nodes;
using Safeguarding.TestKit;

namespace Safeguarding.Identity.Tests;

/// <summary>
/// Two clients make the same mistakes; the clients file says of one that it knows the errors of NHS England's API
/// platform. Statuses and codes are those of its own end-to-end tests.
/// </summary>
public sealed class Errors_as_NHS_England_shapes_them(HubServers servers)
{
    private const string Standard = "rx1-epr";
    private const string Nhs = "rx1-nhs";
    private static readonly ClientKey Key = ClientKey.Rsa("rx1-1");
    private static readonly ClientKey Strange = ClientKey.Rsa("rx1-1");

    private static readonly Dictionary<string, Case> Cases = new()
    {
        ["no grant_type"] = new("400 invalid_request", "400 invalid_request", form => form.Remove("grant_type")),
        ["grant_type unknown"] = new("400 unsupported_grant_type", "400 unsupported_grant_type", form =>
            form["grant_type"] = "password_of_nobody"
        ),
        ["no client_assertion_type"] = new("400 invalid_request", "400 invalid_request", form =>
            form.Remove("client_assertion_type")
        ),
        ["no client_assertion"] = new("400 invalid_request", "400 invalid_request", form =>
            form.Remove("client_assertion")
        ),
        ["neither"] = new("400 invalid_request", "400 invalid_request", form =>
        {
            form.Remove("client_assertion");
            form.Remove("client_assertion_type");
        }),
        ["no JWT"] = new("401 invalid_client", "400 invalid_request", form => form["client_assertion"] = "hello"),
        ["alg RS256"] = Assertion(400, made => made.Header["alg"] = "RS256"),
        ["typ missing"] = Assertion(400, made => made.Header.Remove("typ")),
        ["kid missing"] = Assertion(400, made => made.Header.Remove("kid")),
        ["kid unknown"] = Assertion(401, made => made.Header["kid"] = "rx1-9"),
        ["iss missing"] = Assertion(400, made => made.Claims.Remove("iss")),
        ["sub another"] = Assertion(400, made => made.Claims["sub"] = "ryj-epr"),
        ["aud another"] = Assertion(401, made => made.Claims["aud"] = "https://elsewhere.example/token"),
        ["exp past"] = Assertion(400, made => made.Claims["exp"] = AnAssertion.InSeconds(-60)),
        ["exp in quotes"] = Assertion(400, made => made.Claims["exp"] = $"{AnAssertion.InSeconds(60)}"),
        ["exp far ahead"] = Assertion(400, made => made.Claims["exp"] = AnAssertion.InSeconds(900)),
        ["jti a number"] = Assertion(400, made => made.Claims["jti"] = 12),
        ["signed by another"] = Assertion(401, made => made.SignedBy = signed => Strange.Sign("RS512", signed)),
        ["client disabled"] = Assertion(401, made =>
        {
            var disabled = $"{(string)made.Claims["iss"]!}-old";
            (made.Claims["iss"], made.Claims["sub"]) = (disabled, disabled);
        }),
        ["scope of others"] = new("400 invalid_scope", "400 invalid_scope", form => form["scope"] = "plan.read"),
    };

    public static TheoryData<string> Mistakes => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Mistakes))]
    public async Task Each_mistake_is_answered_in_the_shape_that_the_client_asked_for(string mistake)
    {
        using var ground = await GroundAsync();
        await using var service = TokenService.Start(ground);
        var (usual, shaped, _) = Cases[mistake];

        var (standard, standardId) = await PostAsync(service, Form(mistake, Standard));
        var (nhs, nhsId) = await PostAsync(service, Form(mistake, Nhs));

        Assert.Equal(usual, $"{standard.Status} {standard.Error}");
        Assert.Null(standard.Text("message_id"));
        Assert.Equal(shaped, $"{nhs.Status} {nhs.Error}");
        Assert.Equal(nhsId, nhs.Text("message_id"));
        Assert.NotEqual(standardId, nhsId);
        Assert.Equal(
            ["error", "error_description", "message_id"],
            JsonNode.Parse(nhs.Body)!.AsObject().Select(member => member.Key).Order(StringComparer.Ordinal)
        );
        Assert.Equal(standard.Description, nhs.Description);
    }

    [Fact]
    public async Task An_assertion_shown_twice_and_one_time_too_many_are_shaped_and_a_token_is_not()
    {
        using var ground = await GroundAsync();
        await using var service = TokenService.Start(ground, ("Identity:TokenRequestsPerMinute", "2"));
        var form = Form(mistake: null, Nhs);

        var (token, _) = await PostAsync(service, form);
        var (twice, twiceId) = await PostAsync(service, form);
        var (tooMany, tooManyId) = await PostAsync(service, form);

        Assert.NotNull(token.Token);
        Assert.Null(token.Text("message_id"));
        Assert.Equal((400, "invalid_request", twiceId), (twice.Status, twice.Error, twice.Text("message_id")));
        Assert.Equal((429, "slow_down", tooManyId), (tooMany.Status, tooMany.Error, tooMany.Text("message_id")));
    }

    private static Case Assertion(int status, Action<AnAssertion> change) =>
        new("401 invalid_client", $"{status} invalid_request", _ => { }) { OfAssertion = change };

    private static Dictionary<string, string> Form(string? mistake, string client)
    {
        var assertion = new AnAssertion(client, Key);
        var wrong = mistake is null ? null : Cases[mistake];
        wrong?.OfAssertion?.Invoke(assertion);
        var form = new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials",
            ["client_assertion_type"] = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            ["client_assertion"] = assertion.ToString(),
        };
        wrong?.OfForm(form);
        // Who else could say whose mistake it is?
        if (form.GetValueOrDefault("client_assertion") is null or "hello")
            form["client_id"] = client;
        return form;
    }

    private static async Task<(TokenAnswer Answer, string Id)> PostAsync(
        TokenService service,
        Dictionary<string, string> form
    )
    {
        using var content = new FormUrlEncodedContent(form);
        using var response = await service.Http.PostAsync(
            "connect/token",
            content,
            TestContext.Current.CancellationToken
        );
        return (await TokenAnswer.ReadAsync(response), response.Headers.GetValues("X-Request-Id").Single());
    }

    private Task<Ground> GroundAsync()
    {
        JsonObject[] clients =
        [
            .. ((string[])[Standard, $"{Standard}-old", Nhs, $"{Nhs}-old"]).Select(id =>
            {
                var client = Ground.Client(id, "RX1", ["encounter.submit"], Key);
                client["disabled"] = id.EndsWith("-old", StringComparison.Ordinal);
                if (id.StartsWith(Nhs, StringComparison.Ordinal))
                    client["tokenErrors"] = "nhs";
                return client;
            }),
        ];
        return Ground.CreateAsync(servers, clients);
    }

    private sealed record Case(string Usual, string Shaped, Action<Dictionary<string, string>> OfForm)
    {
        public Action<AnAssertion>? OfAssertion { get; init; }
    }
}
