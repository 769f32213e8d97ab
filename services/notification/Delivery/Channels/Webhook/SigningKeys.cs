using Safeguarding.Contracts;
using Safeguarding.Hosting.Privacy;
using Safeguarding.Notification.Domain.Subscriptions;

namespace Safeguarding.Notification.Delivery.Channels.Webhook;

/// <summary>The keys that sign for a subscription now, the newest first.</summary>
internal sealed class SigningKeys(Sealer sealer)
{
    public IReadOnlyList<SigningSecret> Of(Sealed<SigningSecret> secret, IReadOnlyList<FormerSecret> formers) =>
        [sealer.Open(secret), .. formers.Select(former => sealer.Open(former.Sealed))];
}
