using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using Safeguarding.Portal.Identity;

namespace Safeguarding.Portal.Services;

/// <summary>A public key as engineers have it: a JWK, a set of one, or PEM. A private one goes no further.</summary>
internal static class PublicKeyText
{
    private const string Private =
        "This holds a private key. It counts as known to others now: make a new pair, and paste the public half only";

    private static readonly string[] s_privateParts = ["d", "p", "q", "dp", "dq", "qi", "k", "oth"];

    /// <returns>The key, or what is to be corrected.</returns>
    public static (PublicKey? Key, string? Fault) Read(string text, string? kid)
    {
        text = text.Trim();
        if (text.Contains("PRIVATE KEY", StringComparison.Ordinal))
            return (null, Private);
        return text is ['{', ..] ? OfJson(text, kid) : OfPem(text, kid);
    }

    private static (PublicKey? Key, string? Fault) OfJson(string text, string? kid)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            var json = document.RootElement;
            if (json.TryGetProperty("keys", out var keys))
            {
                if (keys.ValueKind != JsonValueKind.Array || keys.GetArrayLength() != 1)
                    return (null, "The set must hold one key");
                json = keys[0];
            }

            if (json.ValueKind != JsonValueKind.Object)
                return (null, NotAKey);
            if (s_privateParts.Any(part => json.TryGetProperty(part, out _)))
                return (null, Private);
            string? Member(string name) =>
                json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
                    ? value.GetString()
                    : null;
            var key = new PublicKey
            {
                Kty = Member("kty"),
                Kid = kid ?? Member("kid"),
                Use = Member("use"),
                Alg = Member("alg"),
                N = Member("n"),
                E = Member("e"),
                Crv = Member("crv"),
                X = Member("x"),
                Y = Member("y"),
            };
            return key.Kid is null ? (null, NoKid) : (key, null);
        }
        catch (JsonException exception)
        {
            return (null, $"The key is not JSON: see line {exception.LineNumber + 1}");
        }
    }

    private static (PublicKey? Key, string? Fault) OfPem(string text, string? kid)
    {
        if (kid is null)
            return (null, NoKid);
        try
        {
            using var rsa = RSA.Create();
            rsa.ImportFromPem(text);
            var open = rsa.ExportParameters(includePrivateParameters: false);
            return (
                new PublicKey
                {
                    Kty = "RSA",
                    Kid = kid,
                    N = Base64Url.EncodeToString(open.Modulus),
                    E = Base64Url.EncodeToString(open.Exponent),
                },
                null
            );
        }
        catch (Exception exception) when (exception is ArgumentException or CryptographicException)
        {
            return OfCurvePem(text, kid);
        }
    }

    private static (PublicKey? Key, string? Fault) OfCurvePem(string text, string kid)
    {
        try
        {
            using var curve = ECDsa.Create();
            curve.ImportFromPem(text);
            var open = curve.ExportParameters(includePrivateParameters: false);
            return (
                new PublicKey
                {
                    Kty = "EC",
                    Kid = kid,
                    Crv = open.Curve.Oid.Value == ECCurve.NamedCurves.nistP384.Oid.Value ? "P-384" : "another curve",
                    X = Base64Url.EncodeToString(open.Q.X),
                    Y = Base64Url.EncodeToString(open.Q.Y),
                },
                null
            );
        }
        catch (Exception exception) when (exception is ArgumentException or CryptographicException)
        {
            return (null, NotAKey);
        }
    }

    private const string NotAKey = "Paste a public key: a JWK, a set of one, or PEM with BEGIN PUBLIC KEY";
    private const string NoKid = "The key names no id: enter one, and send it as “kid” of your assertions";
}
