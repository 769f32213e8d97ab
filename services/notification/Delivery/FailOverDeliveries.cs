using Microsoft.EntityFrameworkCore;
using Safeguarding.Messaging.Storage;
using Safeguarding.Notification.Delivery.Channels;
using Safeguarding.Notification.Domain.Alerts;
using Safeguarding.Notification.Domain.Deliveries;
using Safeguarding.Notification.Domain.Subscriptions;
using Safeguarding.Notification.Storage;

namespace Safeguarding.Notification.Delivery;

/// <summary>
/// What one endpoint refused goes to the council's next channel: the first on standby that has not been given this
/// version, one that answers before one that fails. It is in the feed besides, as it was before.
/// </summary>
internal sealed class FailOverDeliveries(
    IServiceScopeFactory scopes,
    NewDeliveries deliveries,
    TimeProvider clock,
    ILogger<FailOverDeliveries> logger
) : RecurringWork(TimeSpan.FromSeconds(1), clock, logger)
{
    private const int AtOnce = 100;

    protected override async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        while (await OfferAsync(cancellationToken) == AtOnce) { }
    }

    private async Task<int> OfferAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<NotificationDb>();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var parkedOf = await db
            .Deliveries.Where(delivery => delivery.State == DeliveryState.Parked && !delivery.OfferedElsewhere)
            .OrderBy(delivery => delivery.Id)
            .Take(AtOnce)
            .Select(delivery => delivery.AlertId)
            .ToListAsync(cancellationToken);
        if (parkedOf is [])
            return 0;

        // The alert first, as everywhere: a withdrawal in the same moment comes before this or after it, and knows of
        // it.
        var ids = parkedOf.OfType<Guid>().Distinct().ToArray();
        var alerts = await db
            .Alerts.FromSql(
                $"SELECT * FROM notification.alert WHERE id = ANY({ids}) ORDER BY encounter_id, council_code FOR UPDATE SKIP LOCKED"
            )
            .ToDictionaryAsync(alert => alert.Id, cancellationToken);
        var parked = await db
            .Deliveries.Where(delivery =>
                delivery.State == DeliveryState.Parked
                && !delivery.OfferedElsewhere
                && (delivery.AlertId == null || alerts.Keys.Contains(delivery.AlertId.Value))
            )
            .OrderBy(delivery => delivery.Id)
            .Take(AtOnce)
            .ToListAsync(cancellationToken);
        var now = Clock.GetUtcNow();
        foreach (var delivery in parked)
        {
            delivery.OfferedElsewhere = true;
            if (
                delivery.AlertId is not { } id
                || !alerts.TryGetValue(id, out var alert)
                || alert.Version != delivery.AlertVersion
            )
            {
                continue;
            }

            if (await NextAsync(db, alert, cancellationToken) is not { } next)
                continue;

            await deliveries.DeliverToAsync(db, alert, next, now, cancellationToken);
            var refuser = await db
                .Subscriptions.Where(subscription => subscription.Id == delivery.SubscriptionId)
                .Select(subscription => subscription.Name)
                .SingleOrDefaultAsync(cancellationToken);
            db.Add(
                new AlertEntry
                {
                    Id = Guid.CreateVersion7(now),
                    AlertId = alert.Id,
                    At = now,
                    EventType = AlertEventType.DeliveryOffered,
                    Version = alert.Version,
                    ByKind = ActorKind.Hub,
                    Subscription = next.Name,
                    Note = $"{refuser ?? "Another channel"} did not take it.",
                }
            );
        }
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(CancellationToken.None);
        return parked.Count;
    }

    private static Task<Subscription?> NextAsync(NotificationDb db, Alert alert, CancellationToken cancellationToken) =>
        db
            .Subscriptions.AsNoTracking()
            .Where(subscription =>
                subscription.CouncilCode == alert.CouncilCode
                && subscription.Standby
                && subscription.Enabled
                && (
                    subscription.Types == null
                    || alert.News == AlertNews.Withdrawn
                    || subscription.Types.Contains(Notice.TypeOf(alert.News))
                )
            )
            .Where(subscription =>
                !db.Deliveries.Any(delivery =>
                    delivery.SubscriptionId == subscription.Id
                    && delivery.AlertId == alert.Id
                    && delivery.AlertVersion == alert.Version
                )
            )
            .OrderBy(subscription => subscription.FailingSince != null)
            .ThenBy(subscription => subscription.CreatedAt)
            .FirstOrDefaultAsync(cancellationToken);
}
