using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Safeguarding.Cli.Clients;

/// <summary>
/// Reads public keys as organisations send them: PEM, a JWK, or a set of JWKs. A private key is refused and
/// not repeated.
/// </summary>
internal static class PublicKeys
{
    public static List<JsonObject> Read(string text, string? kid)
    {
        if (text.Contains("PRIVATE KEY", StringComparison.Ordinal))
        {
            throw new RefusedException(
                "this is a private key, which must never leave its owner: it counts as known to others now and must "
                    + "be replaced. Ask for the public half."
            );
        }

        return text.TrimStart().StartsWith('{') ? FromJson(text, kid) : [FromPem(text, kid)];
    }

    private static List<JsonObject> FromJson(string text, string? kid)
    {
        JsonObject json;
        try
        {
            json = JsonNode.Parse(text)!.AsObject();
        }
        catch (JsonException exception)
        {
            throw new RefusedException($"the key is not JSON (line {exception.LineNumber + 1}).");
        }

        var keys = json["keys"] is JsonArray set
            ? set.OfType<JsonObject>().Select(key => key.DeepClone().AsObject()).ToList()
            : [json];
        if (keys is [])
            throw new RefusedException("the set holds no keys.");
        if (kid is not null && keys is not [_])
            throw new RefusedException("--kid names one key, and the set holds several.");
        foreach (var key in keys)
        {
            if (key.ContainsKey("d") || key.ContainsKey("k") || key.ContainsKey("p"))
            {
                throw new RefusedException(
                    "the key holds a private part, which must never leave its owner: it counts as known to others "
                        + "now and must be replaced."
                );
            }

            if (key.ContainsKey("until"))
                throw new RefusedException("a key's end is the hub's to say: --overlap.");
            if (kid is not null)
                key["kid"] = kid;
            if (key["kid"] is null)
                throw new RefusedException("the key has no \"kid\": give one with --kid.");
        }

        return keys;
    }

    private static JsonObject FromPem(string text, string? kid)
    {
        if (kid is null)
        {
            throw new RefusedException(
                "a PEM has no key id: give one with --kid, and tell it to the owner, who must send it as \"kid\"."
            );
        }

        try
        {
            using var rsa = RSA.Create();
            rsa.ImportFromPem(text);
            var open = rsa.ExportParameters(includePrivateParameters: false);
            return new JsonObject
            {
                ["kty"] = "RSA",
                ["kid"] = kid,
                ["use"] = "sig",
                ["n"] = Encode(open.Modulus),
                ["e"] = Encode(open.Exponent),
            };
        }
        catch (Exception exception) when (exception is ArgumentException or CryptographicException)
        {
            return FromCurvePem(text, kid);
        }
    }

    private static JsonObject FromCurvePem(string text, string kid)
    {
        try
        {
            using var curve = ECDsa.Create();
            curve.ImportFromPem(text);
            var open = curve.ExportParameters(includePrivateParameters: false);
            var name = open.Curve.Oid.Value == ECCurve.NamedCurves.nistP384.Oid.Value ? "P-384" : "another curve";
            return new JsonObject
            {
                ["kty"] = "EC",
                ["kid"] = kid,
                ["use"] = "sig",
                ["crv"] = name,
                ["x"] = Encode(open.Q.X),
                ["y"] = Encode(open.Q.Y),
            };
        }
        catch (Exception exception) when (exception is ArgumentException or CryptographicException)
        {
            throw new RefusedException(
                "the key is neither a JWK nor a PEM with BEGIN PUBLIC KEY (RSA, or EC on P-384)."
            );
        }
    }

    private static string Encode(byte[]? bytes) => Base64Url.EncodeToString(bytes);
}
