using System.Text.Json.Nodes;

namespace Safeguarding.Identity.Tests;

public sealed class Assertions_that_are_accepted(TokenServiceFixture running) : IClassFixture<TokenServiceFixture>
{
    [Theory]
    [InlineData("JWT")]
    [InlineData("jwt")]
    [InlineData("client-authentication+jwt")]
    public async Task Either_type(string type) => await Gets(Good().With(a => a.Header["typ"] = type));

    [Theory]
    [InlineData("http://localhost:8105/connect/token")]
    [InlineData("http://localhost:8105/")]
    [InlineData("http://localhost:8105")]
    public async Task The_token_url_or_the_issuer_as_audience(string audience) =>
        await Gets(Good().With(a => a.Claims["aud"] = audience));

    [Fact]
    public async Task One_audience_in_an_array() =>
        await Gets(Good().With(a => a.Claims["aud"] = new JsonArray(AnAssertion.TokenUrl)));

    [Theory]
    [InlineData("RS512")]
    [InlineData("RS384")]
    public async Task Both_rsa_algorithms(string algorithm) =>
        await Gets(new AnAssertion("rx1-epr", running.Key, algorithm));

    [Fact]
    public async Task An_elliptic_key() => await Gets(new AnAssertion("rx1-epr", running.EllipticKey, "ES384"));

    [Theory]
    [InlineData(-20)]
    [InlineData(300)]
    public async Task Clocks_that_differ_a_little(int seconds) =>
        await Gets(Good().With(a => a.Claims["exp"] = AnAssertion.InSeconds(seconds)));

    [Fact]
    public async Task Keys_and_addresses_in_the_header_change_nothing() =>
        await Gets(
            Good()
                .With(a =>
                {
                    a.Header["jwk"] = running.NeighboursKey.Jwk();
                    a.Header["jku"] = "http://127.0.0.1:9/jwks";
                    a.Header["x5u"] = "http://127.0.0.1:9/x.pem";
                })
        );

    [Fact]
    public async Task Two_clients_may_choose_the_same_jti()
    {
        var theirs = new AnAssertion("ryj-epr", running.NeighboursKey);

        await Gets(theirs);
        await Gets(Good().With(a => a.Claims["jti"] = theirs.Claims["jti"]!.DeepClone()));
    }

    [Fact]
    public async Task A_jti_of_any_characters() =>
        await Gets(Good().With(a => a.Claims["jti"] = $"\0'; -- \u202e{Guid.CreateVersion7()}"));

    private AnAssertion Good() => new("rx1-epr", running.Key);

    private async Task Gets(AnAssertion assertion)
    {
        var answer = await running.Service.Ask(assertion);
        Assert.True(answer.Token is not null, answer.Body);
    }
}
