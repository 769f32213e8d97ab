using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Safeguarding.Identity.Tests;

/// <summary>
/// A provider outside the hub, over real HTTP: metadata, keys, a token endpoint that wants a signed assertion, and the
/// claims that a test wants it to send.
/// </summary>
public sealed class OutsideIssuer : IDisposable
{
    private const string ClientId = "the-hub-there";

    private readonly RSA _signing = RSA.Create(2048);
    private readonly RSA _hubsKey = RSA.Create(2048);
    private readonly ConcurrentDictionary<string, (string Nonce, (string Name, object Value)[] Claims)> _codes = new();
    private WebApplication? _app;

    public string Issuer { get; private set; } = "";

    /// <summary>What the last assertion of the hub was signed with.</summary>
    public string? AssertionAlgorithm { get; private set; }

    /// <summary>Sent from userinfo, beside the subject.</summary>
    public JsonObject UserInfo { get; set; } = [];

    /// <summary>How the id token says who made it; the issuer when null.</summary>
    public string? ClaimedIssuer { get; set; }

    public static JsonObject Rule(string[] organisations, string role, params (string Claim, string Value)[] when) =>
        new()
        {
            ["organisations"] = new JsonArray([.. organisations.Select(one => (JsonNode)one)]),
            ["role"] = role,
            ["when"] = new JsonObject(when.Select(one => KeyValuePair.Create(one.Claim, (JsonNode?)one.Value))),
        };

    public async Task StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.MapGet("/.well-known/openid-configuration", () => Results.Json(
                new
                {
                    issuer = Issuer,
                    authorization_endpoint = $"{Issuer}authorize",
                    token_endpoint = $"{Issuer}token",
                    userinfo_endpoint = $"{Issuer}userinfo",
                    jwks_uri = $"{Issuer}jwks",
                    response_types_supported = new[] { "code" },
                    response_modes_supported = new[] { "query" },
                    grant_types_supported = new[] { "authorization_code" },
                    code_challenge_methods_supported = new[] { "S256" },
                    scopes_supported = new[] { "openid", "profile" },
                    token_endpoint_auth_methods_supported = new[] { "private_key_jwt" },
                }
            ));
        var jwk = JsonWebKeyConverter.ConvertFromRSASecurityKey(
            new RsaSecurityKey(_signing.ExportParameters(false)) { KeyId = "outside" }
        );
        _app.MapGet("/jwks", () => Results.Json(
                new
                {
                    keys = new[]
                    {
                        new
                        {
                            kty = "RSA",
                            use = "sig",
                            kid = "outside",
                            n = jwk.N,
                            e = jwk.E,
                        },
                    },
                }
            ));
        _app.MapPost("/token", (Delegate)TokenAsync);
        _app.MapGet("/userinfo", () =>
            Results.Text(
                new JsonObject([
                    KeyValuePair.Create("sub", (JsonNode?)"someone"),
                    .. UserInfo.Select(one => KeyValuePair.Create(one.Key, one.Value?.DeepClone())),
                ]).ToJsonString(),
                "application/json"
            )
        );
        await _app.StartAsync();
        Issuer = $"{_app.Urls.Single()}/";
    }

    /// <summary>Writes the provider's file, as an operator does.</summary>
    public void WriteFile(Ground ground, string kind = "oidc", params JsonObject[] rules)
    {
        File.WriteAllText(Path.Combine(ground.ProvidersDirectory, "outside.pem"), _hubsKey.ExportPkcs8PrivateKeyPem());
        var file = new JsonObject
        {
            ["name"] = "Outside",
            ["kind"] = kind,
            ["issuer"] = Issuer,
            ["clientId"] = ClientId,
            ["keyFile"] = "outside.pem",
            ["rules"] = new JsonArray([.. rules.Select(rule => rule.DeepClone())]),
        };
        if (kind == "oidc")
            file["assurance"] = new JsonObject { ["two"] = "aal2" };
        File.WriteAllText(Path.Combine(ground.ProvidersDirectory, "outside.json"), file.ToJsonString());
    }

    /// <summary>
    /// Signs somebody in, whose id token has these claims over the usual ones; a null takes one
    /// away.
    /// </summary>
    public async Task<Seen> SignIn(Portal portal, params (string Name, object Value)[] claims)
    {
        using var browser = new Browser(portal.Identity);
        var sent = await browser.Get(Portal.Address(await portal.Push()));
        Assert.StartsWith($"{Issuer}authorize", sent.Left?.AbsoluteUri ?? sent.Body, StringComparison.Ordinal);
        Assert.Equal("3600", sent.Query("max_age"));
        var code = Guid.CreateVersion7().ToString();
        _codes[code] = (sent.Query("nonce")!, claims);
        return await browser.Get(
            QueryHelpers.AddQueryString(
                new Uri(sent.Query("redirect_uri")!).AbsolutePath,
                new Dictionary<string, string?> { ["code"] = code, ["state"] = sent.Query("state") }
            )
        );
    }

    public void Dispose()
    {
        _app?.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _signing.Dispose();
        _hubsKey.Dispose();
    }

    private async Task<IResult> TokenAsync(HttpContext context)
    {
        var form = await context.Request.ReadFormAsync();
        var assertion = new JsonWebToken(form["client_assertion"].ToString());
        AssertionAlgorithm = assertion.Alg;
        var signed = await new JsonWebTokenHandler().ValidateTokenAsync(
            form["client_assertion"].ToString(),
            new TokenValidationParameters
            {
                ValidIssuer = ClientId,
                ValidateAudience = false,
                IssuerSigningKey = new RsaSecurityKey(_hubsKey.ExportParameters(false)),
                TryAllIssuerSigningKeys = true,
            }
        );
        if (!signed.IsValid || !_codes.TryRemove(form["code"].ToString(), out var grant))
            return Results.Json(new { error = "invalid_grant" }, statusCode: 400);
        var now = TimeProvider.System.GetUtcNow();
        var claims = new Dictionary<string, object>
        {
            ["sub"] = "someone",
            ["aud"] = ClientId,
            ["nonce"] = grant.Nonce,
            ["auth_time"] = now.ToUnixTimeSeconds(),
            ["acr"] = "two",
        };
        foreach (var (name, value) in grant.Claims)
        {
            if (value is Missing)
                claims.Remove(name);
            else
                claims[name] = value;
        }

        var idToken = new JsonWebTokenHandler().CreateToken(
            new SecurityTokenDescriptor
            {
                Issuer = ClaimedIssuer ?? Issuer,
                Expires = now.AddMinutes(5).UtcDateTime,
                Claims = claims,
                SigningCredentials = new SigningCredentials(
                    new RsaSecurityKey(_signing) { KeyId = "outside" },
                    SecurityAlgorithms.RsaSha256
                ),
            }
        );
        return Results.Json(
            new
            {
                access_token = "for-userinfo",
                token_type = "Bearer",
                expires_in = 60,
                id_token = idToken,
            }
        );
    }

    /// <summary>Takes a claim away.</summary>
    public sealed class Missing;
}
