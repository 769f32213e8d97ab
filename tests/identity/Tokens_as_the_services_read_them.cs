using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Safeguarding.Identity.Tests;

public sealed class Tokens_as_the_services_read_them(TokenServiceFixture running) : IClassFixture<TokenServiceFixture>
{
    [Fact]
    public async Task A_token_holds_with_the_key_set_that_the_metadata_names()
    {
        var answer = await running.Service.Ask(new AnAssertion("rx1-epr", running.Key));

        var metadata = await Get("/.well-known/openid-configuration");
        var keySetUrl = (string)metadata["jwks_uri"]!;
        var result = await new JsonWebTokenHandler().ValidateTokenAsync(
            answer.Token,
            new TokenValidationParameters
            {
                ValidIssuer = "http://localhost:8105/",
                ValidAudience = "safeguarding-hub",
                ValidTypes = ["at+jwt"],
                ValidAlgorithms = ["RS256"],
                IssuerSigningKeys = new JsonWebKeySet((await Get(keySetUrl)).ToJsonString()).Keys,
            }
        );

        Assert.True(result.IsValid, result.Exception?.Message);
        Assert.Equal(
            ("rx1-epr", "RX1", "encounter.submit site.write"),
            (result.Claims["client_id"], result.Claims["organisation"], result.Claims["scope"])
        );
        var token = (JsonWebToken)result.SecurityToken;
        Assert.Equal(TimeSpan.FromSeconds(599), token.ValidTo - token.IssuedAt);
    }

    [Fact]
    public async Task The_metadata_names_the_issuers_token_endpoint_and_keys_that_its_reader_can_reach()
    {
        var metadata = await Get("/.well-known/openid-configuration");

        Assert.Equal("http://localhost:8105/", (string?)metadata["issuer"]);
        Assert.Equal($"{running.Service.Http.BaseAddress}.well-known/jwks", (string?)metadata["jwks_uri"]);
        Assert.Equal("http://localhost:8105/connect/token", (string?)metadata["token_endpoint"]);
        Assert.Equal("""["private_key_jwt"]""", metadata["token_endpoint_auth_methods_supported"]!.ToJsonString());
        Assert.Equal(
            """["RS512","RS384","ES384"]""",
            metadata["token_endpoint_auth_signing_alg_values_supported"]!.ToJsonString()
        );
    }

    [Fact]
    public async Task The_key_set_holds_nothing_private()
    {
        var key = (await Get("/.well-known/jwks"))["keys"]![0]!.AsObject();

        Assert.Equal(["alg", "e", "kid", "kty", "n", "use"], key.Select(member => member.Key).Order());
    }

    [Fact]
    public async Task A_client_may_ask_for_less_than_it_has()
    {
        var answer = await running.Service.Ask(new AnAssertion("rx1-epr", running.Key), "site.write");

        Assert.Equal("site.write", new JsonWebToken(answer.Token).GetClaim("scope").Value);
    }

    [Theory]
    [InlineData("plan.read")]
    [InlineData("encounter.submit plan.read")]
    [InlineData("openid")]
    [InlineData("no.such.scope")]
    [InlineData("ENCOUNTER.SUBMIT")]
    public async Task A_client_may_not_ask_for_another(string scope)
    {
        var answer = await running.Service.Ask(new AnAssertion("rx1-epr", running.Key), scope);

        Assert.Equal((400, "invalid_scope"), (answer.Status, answer.Error));
    }

    [Theory]
    [InlineData("password")]
    [InlineData("urn:ietf:params:oauth:grant-type:device_code")]
    [InlineData("urn:ietf:params:oauth:grant-type:token-exchange")]
    public async Task No_other_grant_is_offered(string grant)
    {
        using var form = new FormUrlEncodedContent(
            new Dictionary<string, string> { ["grant_type"] = grant, ["client_id"] = "rx1-epr" }
        );
        using var response = await running.Service.Http.PostAsync(
            "connect/token",
            form,
            TestContext.Current.CancellationToken
        );

        Assert.Equal("unsupported_grant_type", (await TokenAnswer.ReadAsync(response)).Error);
    }

    private async Task<JsonNode> Get(string url) =>
        JsonSerializer.SerializeToNode(
            await running.Service.Http.GetFromJsonAsync<JsonElement>(url, TestContext.Current.CancellationToken)
        )!;
}
