using System.Security.Cryptography;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Abstractions;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Safeguarding.Identity.Development;

/// <summary>
/// An OpenID Connect issuer within identity, for development: what signs people in before an outside provider is there.
/// Identity is its client as it is any other provider's.
/// </summary>
internal sealed class DevelopmentIssuer(IOptions<IdentityOptions> settings, IServer server, TimeProvider clock)
    : IConfigurationManager<OpenIddictConfiguration>
{
    public const string ClientId = "safeguarding-hub";
    public const string CallbackPath = $"{Paths.SignIn}/development";
    private const string CodeAudience = "code";
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(2);

    private readonly RsaSecurityKey _key = new(RSA.Create(2048)) { KeyId = "development" };
    private readonly JsonWebTokenHandler _tokens = new() { SetDefaultTimesOnTokenCreation = false };

    public Uri Issuer => new(settings.Value.PublicUrlOf($"{Paths.Development}/"));

    public string Callback => settings.Value.PublicUrlOf(CallbackPath);

    /// <summary>What its metadata says. The token endpoint is asked by identity itself, at its own port.</summary>
    public Task<OpenIddictConfiguration> GetConfigurationAsync(CancellationToken cancel)
    {
        var configuration = new OpenIddictConfiguration
        {
            Issuer = Issuer,
            AuthorizationEndpoint = new Uri(settings.Value.PublicUrlOf($"{Paths.Development}/authorize")),
            TokenEndpoint = new Uri($"{Listening()}{Paths.Development}/token"),
            GrantTypesSupported = { GrantTypes.AuthorizationCode },
            ResponseTypesSupported = { ResponseTypes.Code },
            ResponseModesSupported = { ResponseModes.Query },
            CodeChallengeMethodsSupported = { CodeChallengeMethods.Sha256 },
            ScopesSupported = { Scopes.OpenId, Scopes.Profile },
            AuthorizationResponseIssParameterSupported = true,
        };
        configuration.SigningKeys.Add(_key);
        return Task.FromResult(configuration);
    }

    public void RequestRefresh()
    {
        // There is nothing to fetch.
    }

    public string MakeCode(DevelopmentPerson person, string? nonce, string challenge) =>
        Make(
            CodeAudience,
            new Dictionary<string, object?>
            {
                [Claims.Subject] = person.Id,
                [Claims.Nonce] = nonce,
                ["challenge"] = challenge,
            }
        );

    /// <summary>An id token for a code; null where the code or its verifier is not good.</summary>
    public async Task<string?> RedeemAsync(string code, string verifier)
    {
        var read = await _tokens.ValidateTokenAsync(
            code,
            new TokenValidationParameters
            {
                ValidIssuer = Issuer.AbsoluteUri,
                ValidAudience = CodeAudience,
                IssuerSigningKey = _key,
                LifetimeValidator = (_, expires, _, _) => expires > clock.GetUtcNow().UtcDateTime,
            }
        );
        var challenge = Base64UrlEncoder.Encode(SHA256.HashData(System.Text.Encoding.ASCII.GetBytes(verifier)));
        if (!read.IsValid || read.Claims["challenge"] as string != challenge)
            return null;
        var person = DevelopmentPeople.All.Single(one => one.Id == (string)read.Claims[Claims.Subject]);
        return Make(
            ClientId,
            new Dictionary<string, object?>
            {
                [Claims.Subject] = person.Id,
                [Claims.Name] = person.Name,
                [Claims.Nonce] = read.Claims.TryGetValue(Claims.Nonce, out var nonce) ? nonce : null,
                [Claims.AuthenticationContextReference] = person.Acr,
                [Claims.AuthenticationTime] = (clock.GetUtcNow() - person.SignedInBefore).ToUnixTimeSeconds(),
                ["work"] = person.Work.Select(work => work.ToString()).ToArray(),
            }
        );
    }

    private string Make(string audience, Dictionary<string, object?> claims) =>
        _tokens.CreateToken(
            new SecurityTokenDescriptor
            {
                Issuer = Issuer.AbsoluteUri,
                Audience = audience,
                IssuedAt = clock.GetUtcNow().UtcDateTime,
                Expires = (clock.GetUtcNow() + Life).UtcDateTime,
                Claims = claims.Where(claim => claim.Value is not null).ToDictionary(),
                SigningCredentials = new SigningCredentials(_key, SecurityAlgorithms.RsaSha256),
            }
        );

    private string Listening() =>
        server
            .Features.Get<IServerAddressesFeature>()!
            .Addresses.First()
            .Replace("//[::]", "//localhost", StringComparison.Ordinal)
            .Replace("//0.0.0.0", "//localhost", StringComparison.Ordinal)
            .Replace("//+", "//localhost", StringComparison.Ordinal)
            .Replace("//*", "//localhost", StringComparison.Ordinal)
            .TrimEnd('/');
}
