using System.Security.Cryptography;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace Safeguarding.Portal.SignIn;

/// <summary>
/// What the portal proves with that it is the portal (<c>private_key_jwt</c>). The key's id is its thumbprint, so that
/// nobody has to set one.
/// </summary>
internal sealed class ClientKey
{
    public const string ClientId = "portal";
    private const string Type = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(2);
    private static readonly JsonWebTokenHandler Tokens = new() { SetDefaultTimesOnTokenCreation = false };

    private readonly SigningCredentials _credentials;
    private readonly TimeProvider _clock;

    public ClientKey(IConfiguration configuration, TimeProvider clock)
    {
        _clock = clock;
        var rsa = RSA.Create();
        rsa.ImportFromPem(configuration["Portal:SigningKey"]);
        var key = new RsaSecurityKey(rsa);
        key.KeyId = Base64UrlEncoder.Encode(key.ComputeJwkThumbprint());
        _credentials = new SigningCredentials(key, SecurityAlgorithms.RsaSha512);
    }

    /// <param name="request">A request that only the portal may make.</param>
    /// <param name="audience">Identity's token endpoint.</param>
    public void Sign(OpenIdConnectMessage request, string audience)
    {
        request.ClientId = ClientId;
        request.ClientSecret = null;
        request.ClientAssertionType = Type;
        request.ClientAssertion = Tokens.CreateToken(
            new SecurityTokenDescriptor
            {
                Issuer = ClientId,
                Audience = audience,
                Expires = (_clock.GetUtcNow() + Life).UtcDateTime,
                Claims = new Dictionary<string, object>
                {
                    [JwtRegisteredClaimNames.Sub] = ClientId,
                    [JwtRegisteredClaimNames.Jti] = Guid.CreateVersion7().ToString(),
                },
                SigningCredentials = _credentials,
            }
        );
    }
}
