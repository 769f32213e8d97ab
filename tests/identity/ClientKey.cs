using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.IdentityModel.Tokens;

namespace Safeguarding.Identity.Tests;

/// <summary>A client's key pair, and its public half as it stands in the clients file.</summary>
public sealed class ClientKey(string id, AsymmetricAlgorithm pair)
{
    public string Id => id;

    public static ClientKey Rsa(string id) => new(id, RSA.Create(2048));

    public static ClientKey P384(string id) => new(id, ECDsa.Create(ECCurve.NamedCurves.nistP384));

    public string PrivatePem => pair.ExportPkcs8PrivateKeyPem();

    public string PublicPem => pair.ExportSubjectPublicKeyInfoPem();

    public byte[] Sign(string algorithm, byte[] content) =>
        pair switch
        {
            RSA rsa => rsa.SignData(
                content,
                Hash(algorithm),
                algorithm.StartsWith("PS", StringComparison.Ordinal)
                    ? RSASignaturePadding.Pss
                    : RSASignaturePadding.Pkcs1
            ),
            ECDsa ec => ec.SignData(content, Hash(algorithm)),
            _ => throw new NotSupportedException(),
        };

    public JsonObject Jwk() =>
        pair switch
        {
            RSA rsa => new JsonObject
            {
                ["kty"] = "RSA",
                ["kid"] = id,
                ["use"] = "sig",
                ["n"] = Base64UrlEncoder.Encode(rsa.ExportParameters(false).Modulus),
                ["e"] = Base64UrlEncoder.Encode(rsa.ExportParameters(false).Exponent),
            },
            ECDsa ec => new JsonObject
            {
                ["kty"] = "EC",
                ["kid"] = id,
                ["use"] = "sig",
                ["crv"] = "P-384",
                ["x"] = Base64UrlEncoder.Encode(ec.ExportParameters(false).Q.X),
                ["y"] = Base64UrlEncoder.Encode(ec.ExportParameters(false).Q.Y),
            },
            _ => throw new NotSupportedException(),
        };

    private static HashAlgorithmName Hash(string algorithm) => new($"SHA{algorithm[2..]}");
}
