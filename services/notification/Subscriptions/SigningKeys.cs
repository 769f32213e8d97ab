using Safeguarding.Contracts;
using Safeguarding.Hosting.Privacy;
using Safeguarding.Notification.Deliveries;

namespace Safeguarding.Notification.Subscriptions;

/// <summary>The keys that sign for a subscription now, the newest first.</summary>
internal sealed class SigningKeys(Sealer sealer)
{
    public IReadOnlyList<byte[]> Of(Sealed<SigningSecret> secret, Sealed<SigningSecret>? former) =>
        former is null ? [KeyIn(secret)] : [KeyIn(secret), KeyIn(former)];

    private byte[] KeyIn(Sealed<SigningSecret> secret) => WebhookSignature.KeyOf(sealer.Open(secret).Text);
}
