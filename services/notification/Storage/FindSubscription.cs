using Microsoft.EntityFrameworkCore;
using Safeguarding.Notification.Domain.Subscriptions;

namespace Safeguarding.Notification.Storage;

/// <summary>Subscriptions are found by (council, name) only, so another council's cannot even be asked for.</summary>
internal static class FindSubscription
{
    public static Task<Subscription?> FindAsync(
        this NotificationDb db,
        string councilCode,
        string name,
        CancellationToken cancellationToken
    ) =>
        db.Subscriptions.SingleOrDefaultAsync(
            subscription => subscription.CouncilCode == councilCode && subscription.Name == name,
            cancellationToken
        );
}
