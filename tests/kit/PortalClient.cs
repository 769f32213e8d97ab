using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Microsoft.IdentityModel.Tokens;

namespace Safeguarding.TestKit;

/// <summary>What identity and the portal of a test know of each other.</summary>
public static class PortalClient
{
    /// <summary>Its entry in identity's clients file.</summary>
    /// <param name="key">The portal's.</param>
    /// <param name="address">Where browsers find it.</param>
    public static JsonObject Entry(RSA key, Uri address)
    {
        var open = key.ExportParameters(includePrivateParameters: false);
        return new JsonObject
        {
            ["id"] = "portal",
            ["organisation"] = "HUB",
            ["redirectUris"] = new JsonArray($"{address}signed-in"),
            ["postLogoutRedirectUris"] = new JsonArray($"{address}signed-out"),
            ["jwks"] = new JsonObject
            {
                ["keys"] = new JsonArray(
                    new JsonObject
                    {
                        ["kty"] = "RSA",
                        ["use"] = "sig",
                        ["kid"] = Base64UrlEncoder.Encode(new RsaSecurityKey(open).ComputeJwkThumbprint()),
                        ["n"] = Base64UrlEncoder.Encode(open.Modulus!),
                        ["e"] = Base64UrlEncoder.Encode(open.Exponent!),
                    }
                ),
            },
        };
    }

    /// <summary>A certificate with its key, for the portal's cookies.</summary>
    /// <param name="key">The portal's.</param>
    public static string Certificate(RSA key)
    {
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = new CertificateRequest(
            "CN=portal",
            key,
            HashAlgorithmName.SHA256,
            RSASignaturePadding.Pkcs1
        ).CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        return $"{certificate.ExportCertificatePem()}\n{key.ExportPkcs8PrivateKeyPem()}";
    }
}
