using System.Globalization;
using System.Security.Claims;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Safeguarding.Hosting.Access;

namespace Safeguarding.TestKit;

/// <summary>An issuer that the services under test trust by its metadata, over real HTTP.</summary>
public sealed class TestIssuer : IAsyncDisposable
{
    private readonly RsaSecurityKey _key = new(RSA.Create(2048)) { KeyId = "test" };
    private WebApplication? _app;

    public string Issuer { get; private set; } = "";

    /// <summary>A token of a system of an organisation.</summary>
    public string Token(string organisation, params string[] scopes) =>
        Token(organisation, TimeSpan.FromHours(1), scopes);

    public string Token(string organisation, TimeSpan lifetime, params string[] scopes) =>
        Token(
            lifetime,
            new Claim("client_id", $"{organisation}-system"),
            new Claim("organisation", organisation),
            new Claim("scope", string.Join(' ', scopes))
        );

    /// <summary>A token of a person at a browser, with the claims that identity gives.</summary>
    /// <param name="organisation">For which the person acts.</param>
    /// <param name="role">One of <c>roles.json</c>; the token has its scopes.</param>
    /// <param name="person">Tells people of one role apart.</param>
    /// <param name="acr"><c>aal1</c>, <c>aal2</c> or <c>aal3</c>.</param>
    /// <param name="signedInAt">When they signed in; now when null.</param>
    public string PersonToken(
        string organisation,
        string role,
        string person = "1",
        string acr = "aal2",
        DateTimeOffset? signedInAt = null
    ) =>
        Token(
            TimeSpan.FromMinutes(5),
            new Claim("client_id", "portal"),
            new Claim("organisation", organisation),
            new Claim(
                "scope",
                string.Join(' ', HubRoles.Find(role, OrganisationKinds.Of(organisation)!.Value)!.Scopes)
            ),
            new Claim("sub", $"test|{organisation}-{role}-{person}"),
            new Claim("role", role),
            new Claim("acr", acr),
            new Claim(
                "auth_time",
                (signedInAt ?? TimeProvider.System.GetUtcNow())
                    .ToUnixTimeSeconds()
                    .ToString(CultureInfo.InvariantCulture),
                ClaimValueTypes.Integer64
            ),
            new Claim("sid", $"session-{organisation}-{role}-{person}")
        );

    /// <summary>A token with exactly these claims, for those that a service must not believe.</summary>
    /// <param name="lifetime">Negative for one that has expired.</param>
    /// <param name="claims">Beside issuer, audience and times.</param>
    public string Token(TimeSpan lifetime, params Claim[] claims)
    {
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(
            new SecurityTokenDescriptor
            {
                Issuer = Issuer,
                Audience = "safeguarding-hub",
                TokenType = "at+jwt",
                NotBefore = now < now + lifetime ? now.AddMinutes(-1) : now + lifetime - TimeSpan.FromMinutes(1),
                Expires = now + lifetime,
                Subject = new ClaimsIdentity(claims),
                SigningCredentials = new SigningCredentials(_key, SecurityAlgorithms.RsaSha256),
            }
        );
    }

    public async Task StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        var jwk = JsonWebKeyConverter.ConvertFromRSASecurityKey(
            new RsaSecurityKey(_key.Rsa.ExportParameters(false)) { KeyId = "test" }
        );
        _app.MapGet("/.well-known/openid-configuration", () =>
            Results.Json(new { issuer = Issuer, jwks_uri = $"{Issuer}jwks" })
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
                            kid = jwk.Kid,
                            n = jwk.N,
                            e = jwk.E,
                        },
                    },
                }
            ));
        await _app.StartAsync();
        Issuer = $"{_app.Urls.Single()}/";
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
            await _app.DisposeAsync();
        _key.Rsa.Dispose();
    }
}
