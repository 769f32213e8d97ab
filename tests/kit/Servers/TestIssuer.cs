using System.Security.Claims;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

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

    public string Token(string organisation, TimeSpan lifetime, params string[] scopes)
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
                Subject = new ClaimsIdentity([
                    new Claim("client_id", $"{organisation}-system"),
                    new Claim("organisation", organisation),
                    new Claim("scope", string.Join(' ', scopes)),
                ]),
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
