using System.Text.Json;
using Microsoft.IdentityModel.Tokens;

namespace Safeguarding.Identity.Assertions;

/// <summary>
/// A client assertion (RFC 7523) taken apart, before anything in it is believed. Read here strictly, because the token
/// library forgives what the NHS refuses: repeated members, an <c>exp</c> in quotes, a numeric <c>jti</c>.
/// </summary>
internal sealed record Assertion(JsonElement Header, JsonElement Claims)
{
    private const int Longest = 16 * 1024;
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 8 };

    /// <summary>Null when it is not a signed JWT in compact form.</summary>
    public static Assertion? Read(string token)
    {
        if (token.Length > Longest || token.Split('.') is not [var header, var claims, _])
            return null;
        return ReadObject(header) is { } h && ReadObject(claims) is { } c ? new Assertion(h, c) : null;
    }

    public string? Algorithm => Text(Header, "alg");

    public string? Type => Text(Header, "typ");

    public string? KeyId => Text(Header, "kid");

    public string? Issuer => Text(Claims, "iss");

    public string? Subject => Text(Claims, "sub");

    public string? Id => Text(Claims, "jti");

    public DateTimeOffset? ExpiresAt => Instant(Claims, "exp");

    /// <summary>The one audience; null when there is none or more than one.</summary>
    public string? Audience =>
        Claims.TryGetProperty("aud", out var audience) && audience.ValueKind == JsonValueKind.Array
            ? audience.GetArrayLength() == 1
                ? Text(audience[0])
                : null
            : Text(Claims, "aud");

    public bool HasHeader(string name) => Header.TryGetProperty(name, out _);

    /// <summary>Whether the claim, if there, is an instant up to <paramref name="latest"/>.</summary>
    public bool IsAbsentOrBy(string claim, DateTimeOffset latest) =>
        !Claims.TryGetProperty(claim, out _) || Instant(Claims, claim) <= latest;

    private static JsonElement? ReadObject(string base64Url)
    {
        try
        {
            using var document = JsonDocument.Parse(Base64UrlEncoder.DecodeBytes(base64Url), Strict);
            return document.RootElement.ValueKind == JsonValueKind.Object ? document.RootElement.Clone() : null;
        }
        catch (Exception exception) when (exception is FormatException or JsonException)
        {
            return null;
        }
    }

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) ? Text(value) : null;

    private static string? Text(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.String)
            return null;
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair: no text.
            return null;
        }
    }

    private static DateTimeOffset? Instant(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value)
        && value.ValueKind == JsonValueKind.Number
        && value.TryGetInt64(out var seconds)
        && seconds is > 0 and < 253_402_300_800
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : null;
}
