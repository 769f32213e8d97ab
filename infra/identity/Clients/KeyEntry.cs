using System.Text.Json.Serialization;
using Microsoft.IdentityModel.Tokens;

namespace Safeguarding.Identity.Clients;

/// <summary>A client's public keys, as written (RFC 7517).</summary>
internal sealed record KeySetEntry(List<KeyEntry> Keys)
{
    public string? Validate()
    {
        if (Keys is not { Count: > 0 })
            return "\"jwks\" holds no keys.";
        if (Keys.Select(key => key.Validate()).FirstOrDefault(error => error is not null) is { } wrong)
            return wrong;
        return Keys.GroupBy(key => key.Kid).FirstOrDefault(kid => kid.Count() > 1) is { } twice
            ? $"key \"{twice.Key}\" is there twice."
            : null;
    }
}

/// <summary>
/// One public key. Only what is used is read; private parts are looked for so that they can be refused. <c>until</c> is
/// ours: when a rotation ends the key.
/// </summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Skip)]
internal sealed record KeyEntry(
    string? Kty,
    string? Kid,
    string? Use,
    string? Alg,
    string? N,
    string? E,
    string? Crv,
    string? X,
    string? Y,
    string? D,
    string? K,
    DateTimeOffset? Until
)
{
    private const int SmallestRsaBits = 2048;

    public string? Validate()
    {
        if (string.IsNullOrEmpty(Kid))
            return "a key has no \"kid\".";
        if (D is not null || K is not null)
            return $"key \"{Kid}\" holds a private part: only public keys belong here.";
        if (Use is not (null or "sig"))
            return $"key \"{Kid}\" is not for signatures.";
        if (Alg is not null && !SigningAlgorithms.Fits(Alg, Kty))
            return $"key \"{Kid}\" is for an algorithm that is not accepted here.";
        return Kty switch
        {
            "RSA" when Bytes(N) * 8 >= SmallestRsaBits && Bytes(E) > 0 => null,
            "RSA" => $"key \"{Kid}\" must be an RSA key of at least {SmallestRsaBits} bits.",
            "EC" when Crv == "P-384" && Bytes(X) == 48 && Bytes(Y) == 48 => null,
            "EC" => $"key \"{Kid}\" must be on the curve P-384.",
            _ => $"key \"{Kid}\" must be of kty RSA or EC.",
        };
    }

    public JsonWebKey ToSecurityKey() =>
        new()
        {
            Kty = Kty,
            Kid = Kid,
            Alg = Alg,
            N = N,
            E = E,
            Crv = Crv,
            X = X,
            Y = Y,
        };

    private static int Bytes(string? base64Url)
    {
        try
        {
            return base64Url is null ? 0 : Base64UrlEncoder.DecodeBytes(base64Url).Length;
        }
        catch (FormatException)
        {
            return 0;
        }
    }
}
