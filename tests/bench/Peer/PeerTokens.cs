using System.Security.Cryptography;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Safeguarding.Bench.Peer;

/// <summary>Signs the tokens that the safe peer asks for, with a key of this run.</summary>
internal sealed class PeerTokens : IDisposable
{
    public const string Issuer = "https://bench.example";
    public const string Audience = "peer";
    private readonly RSA _key = RSA.Create(2048);

    public string PublicKey => _key.ExportSubjectPublicKeyInfoPem();

    public string Sign() =>
        new JsonWebTokenHandler().CreateToken(
            new SecurityTokenDescriptor
            {
                Issuer = Issuer,
                Audience = Audience,
                Expires = TimeProvider.System.GetUtcNow().UtcDateTime.AddHours(1),
                Claims = new Dictionary<string, object>(StringComparer.Ordinal)
                {
                    ["sub"] = "RZ1",
                    ["scope"] = "encounter.write",
                },
                SigningCredentials = new SigningCredentials(new RsaSecurityKey(_key), SecurityAlgorithms.RsaSha256),
            }
        );

    public void Dispose() => _key.Dispose();
}
