using System.Text;
using System.Text.Json.Nodes;
using Microsoft.IdentityModel.Tokens;

namespace Safeguarding.Identity.Tests;

/// <summary>A client assertion, right in everything until a test says otherwise.</summary>
public sealed class AnAssertion
{
    public const string TokenUrl = "http://localhost:8105/connect/token";

    private readonly ClientKey _key;

    public AnAssertion(string client, ClientKey key, string algorithm = "RS512")
    {
        _key = key;
        Header = new JsonObject
        {
            ["alg"] = algorithm,
            ["typ"] = "JWT",
            ["kid"] = key.Id,
        };
        Claims = new JsonObject
        {
            ["iss"] = client,
            ["sub"] = client,
            ["aud"] = TokenUrl,
            ["jti"] = Guid.CreateVersion7().ToString(),
            ["exp"] = InSeconds(240),
        };
    }

    public JsonObject Header { get; }

    public JsonObject Claims { get; }

    /// <summary>Instead of a signature by the client's key.</summary>
    public Func<byte[], byte[]>? SignedBy { get; set; }

    /// <summary>Instead of the claims, for JSON that a JsonObject cannot hold.</summary>
    public string? RawClaims { get; set; }

    public static long InSeconds(int seconds) => TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() + seconds;

    public AnAssertion With(Action<AnAssertion> change)
    {
        change(this);
        return this;
    }

    public override string ToString()
    {
        var content = $"{Encode(Header.ToJsonString())}.{Encode(RawClaims ?? Claims.ToJsonString())}";
        var bytes = Encoding.ASCII.GetBytes(content);
        var signature = SignedBy is null ? _key.Sign((string)Header["alg"]!, bytes) : SignedBy(bytes);
        return $"{content}.{Base64UrlEncoder.Encode(signature)}";
    }

    private static string Encode(string json) => Base64UrlEncoder.Encode(Encoding.UTF8.GetBytes(json));
}
