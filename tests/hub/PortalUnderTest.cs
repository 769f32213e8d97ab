using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Microsoft.IdentityModel.Tokens;
using Safeguarding.TestKit;

namespace Safeguarding.Hub.Tests;

/// <summary>The portal as a process, as it is built.</summary>
internal static class PortalUnderTest
{
    private static readonly RSA s_key = RSA.Create(2048);

    /// <summary>Its entry in identity's clients file.</summary>
    /// <param name="address">Where browsers find it.</param>
    public static JsonObject Client(Uri address)
    {
        var open = s_key.ExportParameters(includePrivateParameters: false);
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

    public static async Task<ServiceProcess> StartAsync(
        Surroundings surroundings,
        params (string Key, string? Value)[] settings
    )
    {
        var portal = ServiceProcess.Of(
            Path.Combine(Repository.Root, "services/portal/bin/Release/net10.0/Safeguarding.Portal"),
            surroundings.Settings
        );
        await portal.StartAgainAsync(
            mayDie: false,
            [
                ("Portal:SigningKey", s_key.ExportPkcs8PrivateKeyPem()),
                ("Portal:Certificate", Certificate()),
                ("Services:PlanRegistry", "http://localhost:1/"),
                ("Services:EncounterIngest", "http://localhost:1/"),
                ("Services:Matching", "http://localhost:1/"),
                ("Services:Notification", "http://localhost:1/"),
                .. settings,
            ]
        );
        return portal;
    }

    private static string Certificate()
    {
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = new CertificateRequest(
            "CN=portal",
            s_key,
            HashAlgorithmName.SHA256,
            RSASignaturePadding.Pkcs1
        ).CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        return $"{certificate.ExportCertificatePem()}\n{s_key.ExportPkcs8PrivateKeyPem()}";
    }
}
