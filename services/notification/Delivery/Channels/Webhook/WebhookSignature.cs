using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using NSec.Cryptography;
using Safeguarding.Contracts;
using Safeguarding.Hosting.Privacy;
using Safeguarding.Notification.Domain.Subscriptions;

namespace Safeguarding.Notification.Delivery.Channels.Webhook;

/// <summary>
/// Signatures as Standard Webhooks 1.0.0 has them, over <c>id.timestamp.body</c>: scheme <c>v1</c> is HMAC-SHA256 with
/// a secret that both sides hold, <c>v1a</c> is Ed25519, for a receiver that is to hold nothing with which it could
/// sign.
/// </summary>
internal static class WebhookSignature
{
    public const string SecretPrefix = "whsec_";
    public const string PublicKeyPrefix = "whpk_";
    private static readonly SignatureAlgorithm Ed25519 = SignatureAlgorithm.Ed25519;

    public static SigningSecret NewSecret() =>
        new(
            SecretPrefix + Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)),
            Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))
        );

    /// <summary>
    /// The public key that verifies <c>v1a</c>; null for a secret from before the hub signed with
    /// both.
    /// </summary>
    public static string? PublicKeyOf(SigningSecret secret)
    {
        if (secret.PrivateKey is null)
            return null;
        using var key = PrivateKey(secret.PrivateKey);
        return PublicKeyPrefix + Convert.ToBase64String(key.PublicKey.Export(KeyBlobFormat.RawPublicKey));
    }

    public static string Sign(string secret, string id, DateTimeOffset at, ReadOnlySpan<byte> body) =>
        "v1,"
        + Convert.ToBase64String(
            HMACSHA256.HashData(Convert.FromBase64String(secret[SecretPrefix.Length..]), Content(id, at, body))
        );

    public static string SignWithPrivateKey(string privateKey, string id, DateTimeOffset at, ReadOnlySpan<byte> body)
    {
        using var key = PrivateKey(privateKey);
        return "v1a," + Convert.ToBase64String(Ed25519.Sign(key, Content(id, at, body)));
    }

    /// <summary>
    /// Each scheme's signature for each secret in force, the newest first: while a rotation overlaps, the
    /// receiver may verify with either.
    /// </summary>
    public static string Header(IReadOnlyList<SigningSecret> secrets, string id, DateTimeOffset at, byte[] body) =>
        string.Join(
            ' ',
            [
                .. secrets.Select(secret => Sign(secret.Text, id, at, body)),
                .. secrets
                    .Where(secret => secret.PrivateKey is not null)
                    .Select(secret => SignWithPrivateKey(secret.PrivateKey!, id, at, body)),
            ]
        );

    private static Key PrivateKey(string text) =>
        Key.Import(Ed25519, Convert.FromBase64String(text), KeyBlobFormat.RawPrivateKey);

    private static byte[] Content(string id, DateTimeOffset at, ReadOnlySpan<byte> body) =>
        [
            .. Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{at.ToUnixTimeSeconds()}.")),
            .. body,
        ];
}

/// <summary>The three headers of Standard Webhooks, for a message that goes out now.</summary>
internal sealed class SignatureHeaders(SigningKeys signing, TimeProvider clock)
{
    public KeyValuePair<string, string>[] For(Outgoing message)
    {
        var now = clock.GetUtcNow();
        return
        [
            new("webhook-id", message.Id),
            new("webhook-timestamp", now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)),
            new(
                "webhook-signature",
                WebhookSignature.Header(
                    signing.Open(message.To.Secret, message.To.FormerSecrets),
                    message.Id,
                    now,
                    message.Body
                )
            ),
        ];
    }
}

/// <summary>The keys that sign for a subscription now, the newest first.</summary>
internal sealed class SigningKeys(Sealer sealer)
{
    public IReadOnlyList<SigningSecret> Open(Sealed<SigningSecret> secret, IReadOnlyList<FormerSecret> formers) =>
        [sealer.Open(secret), .. formers.Select(former => sealer.Open(former.Sealed))];
}
