using System.Globalization;
using Safeguarding.Contracts;
using Safeguarding.Hosting.Privacy;
using Safeguarding.Notification.Domain.Subscriptions;

namespace Safeguarding.Notification.Delivery.Channels.Webhook;

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
                    signing.Of(message.To.Secret, message.To.FormerSecrets),
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
    public IReadOnlyList<SigningSecret> Of(Sealed<SigningSecret> secret, IReadOnlyList<FormerSecret> formers) =>
        [sealer.Open(secret), .. formers.Select(former => sealer.Open(former.Sealed))];
}
