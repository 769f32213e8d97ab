using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Safeguarding.Notification.Deliveries;

/// <summary>Signatures as Standard Webhooks 1.0.0 has them: HMAC-SHA256 over <c>id.timestamp.body</c>, scheme <c>v1</c>.</summary>
internal static class WebhookSignature
{
    public const string SecretPrefix = "whsec_";

    public static string NewSecret() => SecretPrefix + Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    public static byte[] KeyOf(string secret) => Convert.FromBase64String(secret[SecretPrefix.Length..]);

    public static string Sign(byte[] key, string id, DateTimeOffset at, ReadOnlySpan<byte> body)
    {
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        hmac.AppendData(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{at.ToUnixTimeSeconds()}.")));
        hmac.AppendData(body);
        return "v1," + Convert.ToBase64String(hmac.GetHashAndReset());
    }

    /// <summary>One signature for each key in force, the newest first: while a rotation overlaps, the receiver may verify with either.</summary>
    public static string Header(IEnumerable<byte[]> keys, string id, DateTimeOffset at, byte[] body) =>
        string.Join(' ', keys.Select(key => Sign(key, id, at, body)));
}
