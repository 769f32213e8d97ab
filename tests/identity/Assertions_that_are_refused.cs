using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using static Safeguarding.Identity.Tests.AnAssertion;

namespace Safeguarding.Identity.Tests;

/// <summary>
/// The negative cases of the NHS's own end-to-end tests, those of SMART Backend Services, and the usual
/// attacks on JWTs.
/// </summary>
public sealed class Assertions_that_are_refused(TokenServiceFixture running) : IClassFixture<TokenServiceFixture>
{
    private static readonly ClientKey Strange = ClientKey.Rsa("rx1-1");

    private static readonly Dictionary<string, (string Fault, Func<TokenServiceFixture, AnAssertion> Make)> Table =
        new()
        {
            ["alg none, no signature"] = ("'alg'", f => Good(f, a =>
                {
                    a.Header["alg"] = "none";
                    a.SignedBy = _ => [];
                })),
            ["alg none, signed all the same"] = ("'alg'", f => Good(f, a =>
                {
                    a.Header["alg"] = "nOnE";
                    a.SignedBy = c => f.Key.Sign("RS512", c);
                })),
            ["alg HS256, the public key as secret"] = ("'alg'", f => Good(f, a =>
                {
                    a.Header["alg"] = "HS256";
                    a.SignedBy = c => HMACSHA256.HashData(Encoding.ASCII.GetBytes(f.Key.PublicPem), c);
                })),
            ["alg RS256"] = ("'alg'", f => new AnAssertion("rx1-epr", f.Key, "RS256")),
            ["alg PS512"] = ("'alg'", f => new AnAssertion("rx1-epr", f.Key, "PS512")),
            ["alg missing"] = ("'alg'", f => Good(f, a =>
                {
                    a.Header.Remove("alg");
                    a.SignedBy = c => f.Key.Sign("RS512", c);
                })),
            ["alg of another kind of key"] = ("'alg'", f => Good(f, a =>
                {
                    a.Header["alg"] = "ES384";
                    a.SignedBy = c => f.EllipticKey.Sign("ES384", c);
                })),

            ["typ missing"] = ("'typ'", f => Good(f, a => a.Header.Remove("typ"))),
            ["typ at+jwt"] = ("'typ'", f => Good(f, a => a.Header["typ"] = "at+jwt")),
            ["typ a number"] = ("'typ'", f => Good(f, a => a.Header["typ"] = 1)),
            ["crit"] = ("'crit'", f => Good(f, a =>
                {
                    a.Header["crit"] = new JsonArray("b64");
                    a.Header["b64"] = false;
                })),

            ["kid missing"] = ("'kid'", f => Good(f, a => a.Header.Remove("kid"))),
            ["kid empty"] = ("'kid'", f => Good(f, a => a.Header["kid"] = "")),
            ["kid a number"] = ("'kid'", f => Good(f, a => a.Header["kid"] = 1)),
            ["kid unknown"] = ("'kid'", f => Good(f, a => a.Header["kid"] = "rx1-9")),
            ["kid in other letters"] = ("'kid'", f => Good(f, a => a.Header["kid"] = "RX1-1")),
            ["kid a path"] = ("'kid'", f => Good(f, a => a.Header["kid"] = "../../../../dev/null")),
            ["kid a query"] = ("'kid'", f => Good(f, a => a.Header["kid"] = "x' UNION SELECT 'rx1-1' --")),
            ["kid of the neighbour, signed by the neighbour"] = ("'kid'", f => new AnAssertion(
                "rx1-epr",
                f.NeighboursKey
            )),

            ["another key under a known kid"] = ("signature", f => new AnAssertion("rx1-epr", Strange)),
            ["another key brought along as jwk"] = ("signature", f =>
                new AnAssertion("rx1-epr", Strange).With(a => a.Header["jwk"] = Strange.Jwk())
            ),
            ["another key behind jku"] = ("signature", f =>
                new AnAssertion("rx1-epr", Strange).With(a => a.Header["jku"] = "http://127.0.0.1:9/jwks")
            ),
            ["another key behind x5u"] = ("signature", f =>
                new AnAssertion("rx1-epr", Strange).With(a => a.Header["x5u"] = "http://127.0.0.1:9/x.pem")
            ),
            ["signature of something else"] = ("signature", f =>
                Good(f, a => a.SignedBy = _ => f.Key.Sign("RS512", [1, 2, 3]))
            ),
            ["signature taken off"] = ("signature", f => Good(f, a => a.SignedBy = _ => [])),
            ["elliptic signature all zero"] = ("signature", f =>
                new AnAssertion("rx1-epr", f.EllipticKey, "ES384").With(a => a.SignedBy = _ => new byte[96])
            ),

            ["iss missing"] = ("'iss'", f => Good(f, a => a.Claims.Remove("iss"))),
            ["sub missing"] = ("'iss' and 'sub'", f => Good(f, a => a.Claims.Remove("sub"))),
            ["sub another client"] = ("'iss' and 'sub'", f => Good(f, a => a.Claims["sub"] = "ryj-epr")),
            ["iss and sub unknown"] = ("'iss'", f => new AnAssertion("nobody", f.Key)),
            ["iss and sub the neighbour, own key"] = ("'kid'", f => new AnAssertion("ryj-epr", f.Key)),
            ["iss an array"] = ("'iss'", f => Good(f, a => a.Claims["iss"] = new JsonArray("rx1-epr"))),
            ["client disabled"] = ("disabled", f => new AnAssertion("rx1-old", f.Key)),
            ["client with a secret, any key"] = ("'kid'", f => new AnAssertion("demo-council", f.Key)),

            ["aud missing"] = ("'aud'", f => Good(f, a => a.Claims.Remove("aud"))),
            ["aud another server"] = ("'aud'", f =>
                Good(f, a => a.Claims["aud"] = "https://int.api.service.nhs.uk/oauth2/token")
            ),
            ["aud the address it was sent to, not the issuer's"] = ("'aud'", f =>
                Good(f, a => a.Claims["aud"] = $"{f.Service.Http.BaseAddress}connect/token")
            ),
            ["aud two"] = ("'aud'", f =>
                Good(f, a => a.Claims["aud"] = new JsonArray(TokenUrl, "https://elsewhere.example/token"))
            ),
            ["aud a number"] = ("'aud'", f => Good(f, a => a.Claims["aud"] = 8105)),

            ["exp missing"] = ("'exp'", f => Good(f, a => a.Claims.Remove("exp"))),
            ["exp a string"] = ("'exp'", f => Good(f, a => a.Claims["exp"] = $"{InSeconds(240)}")),
            ["exp a fraction"] = ("'exp'", f => Good(f, a => a.Claims["exp"] = InSeconds(240) + 0.5)),
            ["exp past"] = ("'exp'", f => Good(f, a => a.Claims["exp"] = InSeconds(-35))),
            ["exp six minutes ahead"] = ("'exp'", f => Good(f, a => a.Claims["exp"] = InSeconds(360))),
            ["exp thirty days ahead"] = ("'exp'", f => Good(f, a => a.Claims["exp"] = InSeconds(30 * 86_400))),
            ["exp beyond all calendars"] = ("'exp'", f =>
                Good(f, a =>
                    a.RawClaims = a
                        .Claims.ToJsonString()
                        .Replace($"{a.Claims["exp"]}", "1e300", StringComparison.Ordinal)
                )
            ),
            ["exp negative"] = ("'exp'", f => Good(f, a => a.Claims["exp"] = -1)),
            ["nbf ahead"] = ("'nbf'", f => Good(f, a => a.Claims["nbf"] = InSeconds(120))),
            ["iat ahead"] = ("'iat'", f => Good(f, a => a.Claims["iat"] = InSeconds(120))),

            ["jti missing"] = ("'jti'", f => Good(f, a => a.Claims.Remove("jti"))),
            ["jti a number"] = ("'jti'", f => Good(f, a => a.Claims["jti"] = 12345)),
            ["jti empty"] = ("'jti'", f => Good(f, a => a.Claims["jti"] = "")),
            ["jti null"] = ("'jti'", f => Good(f, a => a.Claims["jti"] = null)),
            ["jti half a character"] = ("'jti'", f =>
                Good(f, a =>
                    a.RawClaims = a
                        .Claims.ToJsonString()
                        .Replace($"{a.Claims["jti"]}", "\\ud800", StringComparison.Ordinal)
                )
            ),

            ["a claim twice"] = ("not a signed JWT", f =>
                Good(f, a =>
                    a.RawClaims = a
                        .Claims.ToJsonString()
                        .Replace("{\"iss\"", "{\"iss\":\"ryj-epr\",\"iss\"", StringComparison.Ordinal)
                )
            ),
            ["claims nested a thousand deep"] = ("not a signed JWT", f =>
                Good(f, a => a.RawClaims = new string('[', 1000) + new string(']', 1000))
            ),
            ["claims no object"] = ("not a signed JWT", f => Good(f, a => a.RawClaims = "\"rx1-epr\"")),
            ["claims no JSON"] = ("not a signed JWT", f => Good(f, a => a.RawClaims = "{")),
            ["a claim of 20 kB"] = ("not a signed JWT", f =>
                Good(f, a => a.Claims["padding"] = new string('x', 20_000))
            ),
        };

    public static TheoryData<string> Cases => [.. Table.Keys];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Refused_with_the_fault_named_and_nothing_quoted(string circumstance)
    {
        var (fault, make) = Table[circumstance];
        var assertion = make(running).ToString();

        var answer = await running.Service.Ask(Form(assertion));

        Assert.Equal((401, "invalid_client"), (answer.Status, answer.Error));
        Assert.Contains(fault, answer.Description, StringComparison.Ordinal);
        var content = assertion[..assertion.LastIndexOf('.')];
        Assert.DoesNotContain(content, answer.Body, StringComparison.Ordinal);
        Assert.DoesNotContain(running.Service.Log, line => line.Contains(content, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("")]
    [InlineData("..")]
    [InlineData("a.b.c")]
    [InlineData("eyJhbGciOiJSUzUxMiJ9.e30")]
    [InlineData("eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..x.y.z")]
    [InlineData("\u0000.\ud83d\ude00.=")]
    public async Task What_is_no_assertion_is_refused(string text)
    {
        var answer = await running.Service.Ask(Form(text));

        Assert.InRange(answer.Status, 400, 401);
        Assert.Null(answer.Token);
    }

    [Fact]
    public async Task A_client_id_that_is_not_the_issuer_is_refused()
    {
        var form = Form(Good(running, _ => { }).ToString());
        form["client_id"] = "ryj-epr";

        var answer = await running.Service.Ask(form);

        Assert.Equal("invalid_client", answer.Error);
    }

    [Theory]
    [InlineData("urn:ietf:params:oauth:client-assertion-type:saml2-bearer")]
    [InlineData("jwt")]
    public async Task Another_kind_of_assertion_is_refused(string kind)
    {
        var form = Form(Good(running, _ => { }).ToString());
        form["client_assertion_type"] = kind;

        Assert.Equal("invalid_client", (await running.Service.Ask(form)).Error);
    }

    [Fact]
    public async Task A_secret_is_refused_while_secrets_are_off()
    {
        var answer = await running.Service.Ask(
            new Dictionary<string, string?>
            {
                ["client_id"] = "demo-council",
                ["client_secret"] = "only-for-development",
            }
        );

        Assert.Equal((401, "invalid_client"), (answer.Status, answer.Error));
    }

    [Fact]
    public async Task A_body_of_a_megabyte_is_refused_and_the_next_request_served()
    {
        using var content = new StringContent(
            "client_assertion=" + new string('x', 1_000_000),
            Encoding.ASCII,
            "application/x-www-form-urlencoded"
        );
        using var response = await running.Service.Http.PostAsync(
            "connect/token",
            content,
            TestContext.Current.CancellationToken
        );

        Assert.InRange((int)response.StatusCode, 400, 499);
        Assert.NotNull((await running.Service.Ask(Good(running, _ => { }))).Token);
    }

    private static AnAssertion Good(TokenServiceFixture fixture, Action<AnAssertion> change) =>
        new AnAssertion("rx1-epr", fixture.Key).With(change);

    private static Dictionary<string, string?> Form(string assertion) =>
        new()
        {
            ["client_assertion_type"] = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            ["client_assertion"] = assertion,
        };
}
