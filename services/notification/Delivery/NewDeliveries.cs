using Microsoft.EntityFrameworkCore;
using Safeguarding.Contracts;
using Safeguarding.Hosting;
using Safeguarding.Hosting.Hours;
using Safeguarding.Hosting.Privacy;
using Safeguarding.Notification.Delivery.Channels;
using Safeguarding.Notification.Domain.Alerts;
using Safeguarding.Notification.Domain.Councils;
using Safeguarding.Notification.Domain.Deliveries;
using Safeguarding.Notification.Domain.Escalation;
using Safeguarding.Notification.Domain.Subscriptions;
using Safeguarding.Notification.Storage;

namespace Safeguarding.Notification.Delivery;

/// <summary>
/// Puts what a council is to receive on its way to each of its endpoints, in the transaction that made it
/// news.
/// </summary>
public sealed class NewDeliveries
{
    private readonly ChannelCatalogue _channels;
    private readonly Sealer _sealer;
    private readonly BankHolidays _england;

    internal NewDeliveries(ChannelCatalogue channels, Sealer sealer, BankHolidays england) =>
        (_channels, _sealer, _england) = (channels, sealer, england);

    /// <summary>
    /// To the council's first line; to the emergency duty team where an attendance is news out of hours; to all others,
    /// those on standby among them, only where they have had the alert before.
    /// </summary>
    /// <param name="db">In whose transaction.</param>
    /// <param name="alerts">The alerts, each with a new version.</param>
    /// <param name="pressing">Those of them with an attendance that is news.</param>
    /// <param name="rotas">By council.</param>
    /// <param name="now">The time of the news.</param>
    /// <param name="cancellationToken">Ends it.</param>
    internal async Task DeliverAsync(
        NotificationDb db,
        IReadOnlyList<Alert> alerts,
        IReadOnlySet<Alert> pressing,
        IReadOnlyDictionary<string, DutyRota> rotas,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        if (alerts is [])
            return;
        foreach (var alert in alerts)
            db.OnCommitted(new CommitSignal.FeedHasNews(alert.CouncilCode));
        var byCouncil = await SubscriptionsAsync(db, alerts.Select(alert => alert.CouncilCode), now, cancellationToken);
        var again = alerts.Where(alert => alert.Version > 1).Select(alert => alert.Id).ToArray();
        var before = again is []
            ? []
            : (await NotifiedAsync(db, again, cancellationToken))
                .Select(row => (row.AlertId, row.SubscriptionId))
                .ToHashSet();
        await InsertAsync(
            db,
            [
                .. alerts.SelectMany(alert =>
                    byCouncil[alert.CouncilCode]
                        .Where(subscription => Receives(alert, subscription))
                        .Select(subscription => (alert, subscription))
                ),
            ],
            now,
            cancellationToken
        );

        bool Receives(Alert alert, Subscription subscription)
        {
            if (!subscription.Takes(Notice.TypeOf(alert.News)))
                return false;
            var rota = rotas[alert.CouncilCode];
            return IsFirstLine(rota, subscription)
                || before.Contains((alert.Id, subscription.Id))
                || (pressing.Contains(alert) && rota.OutOfHours(_england, now).Contains(subscription.Name));
        }
    }

    /// <summary>
    /// Who has had which version of these alerts put on its way; not what was stopped before it was
    /// tried.
    /// </summary>
    internal static async Task<HashSet<(Guid AlertId, long Version, Guid SubscriptionId)>> NotifiedAsync(
        NotificationDb db,
        Guid[] alertIds,
        CancellationToken cancellationToken
    )
    {
        var ids = alertIds.Select(id => (Guid?)id).ToArray();
        var rows = await db
            .Deliveries.Where(delivery =>
                ids.Contains(delivery.AlertId) && (delivery.State != DeliveryState.Cancelled || delivery.Attempts > 0)
            )
            .Select(delivery => new
            {
                AlertId = delivery.AlertId!.Value,
                delivery.AlertVersion,
                delivery.SubscriptionId,
            })
            .ToListAsync(cancellationToken);
        return [.. rows.Select(row => (row.AlertId, row.AlertVersion, row.SubscriptionId))];
    }

    /// <summary>
    /// Only to the endpoints that were tried before: they may have received the alert, even where their answer
    /// was lost.
    /// </summary>
    internal async Task DeliverWithdrawalAsync(
        NotificationDb db,
        IReadOnlyList<Alert> withdrawn,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        foreach (var alert in withdrawn)
            db.OnCommitted(new CommitSignal.FeedHasNews(alert.CouncilCode));
        var attempted = await AttemptedAsync(db, withdrawn, cancellationToken);
        var ids = attempted.Select(pair => pair.SubscriptionId).Distinct().ToArray();
        var subscriptions = await db
            .Subscriptions.AsNoTracking()
            .Where(subscription => ids.Contains(subscription.Id))
            .ToListAsync(cancellationToken);
        await InsertAsync(
            db,
            [
                .. withdrawn.SelectMany(alert =>
                    subscriptions
                        .Where(subscription => attempted.Contains((alert.Id, subscription.Id)))
                        .Select(subscription => (alert, subscription))
                ),
            ],
            now,
            cancellationToken
        );
    }

    /// <summary>To one endpoint, whatever it receives otherwise. It must not have this version yet.</summary>
    internal Task DeliverToAsync(
        NotificationDb db,
        Alert alert,
        Subscription subscription,
        DateTimeOffset now,
        CancellationToken cancellationToken
    ) => InsertAsync(db, [(alert, subscription)], now, cancellationToken);

    /// <summary>As above, to several.</summary>
    internal Task DeliverToAsync(
        NotificationDb db,
        IReadOnlyList<(Alert Alert, Subscription Subscription)> pairs,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        foreach (var (alert, _) in pairs)
            db.OnCommitted(new CommitSignal.FeedHasNews(alert.CouncilCode));
        return InsertAsync(db, pairs, now, cancellationToken);
    }

    /// <summary>What is about no alert, to those of its council's endpoints that are its audience.</summary>
    internal async Task DeliverNoticesAsync(
        NotificationDb db,
        IReadOnlyList<CouncilNotice> notices,
        IReadOnlyDictionary<string, DutyRota> rotas,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var byCouncil = await SubscriptionsAsync(
            db,
            notices.Select(notice => notice.CouncilCode),
            now,
            cancellationToken
        );
        var rows = notices.SelectMany(notice =>
            Recipients(notice).Select(subscription => RowOf(subscription, notice.Notice, now))
        );
        await db.InsertAsync([.. rows.OfType<EndpointDelivery>()], cancellationToken);

        IEnumerable<Subscription> Recipients(CouncilNotice notice)
        {
            var rota = rotas[notice.CouncilCode];
            var all = byCouncil[notice.CouncilCode].Where(one => one.Takes(notice.Notice.EventType)).ToList();
            return notice.Audience switch
            {
                Audience.Everybody => all,
                Audience.OnDuty => all.Where(one =>
                    IsFirstLine(rota, one) || rota.OutOfHours(_england, now).Contains(one.Name)
                ),
                // A council that has nobody there must be notified of it all the same.
                _ => all.Any(one => IsFirstLine(rota, one)) ? all.Where(one => IsFirstLine(rota, one)) : all,
            };
        }
    }

    /// <summary>What is about no alert, where the channel has words for it.</summary>
    internal async Task DeliverNoticeAsync(
        NotificationDb db,
        Subscription subscription,
        Notice notice,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        if (subscription.Takes(notice.EventType) && RowOf(subscription, notice, now) is { } row)
            await db.InsertAsync([row], cancellationToken);
    }

    private static async Task<ILookup<string, Subscription>> SubscriptionsAsync(
        NotificationDb db,
        IEnumerable<string> councilCodes,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var councils = councilCodes.Distinct().ToArray();
        var subscriptions = await db
            .Subscriptions.AsNoTracking()
            .Where(subscription =>
                councils.Contains(subscription.CouncilCode)
                && (subscription.EndsAt == null || subscription.EndsAt > now)
            )
            .ToListAsync(cancellationToken);
        return subscriptions.ToLookup(subscription => subscription.CouncilCode);
    }

    private static bool IsFirstLine(DutyRota rota, Subscription subscription) =>
        rota.IsFirstLine(subscription.Name) && !subscription.Standby;

    private EndpointDelivery? RowOf(Subscription subscription, Notice notice, DateTimeOffset now) =>
        _channels[subscription.Channel].Compose(subscription, notice, now) is { } message
            ? Row(subscription, notice, message, now)
            : null;

    private async Task InsertAsync(
        NotificationDb db,
        IReadOnlyList<(Alert Alert, Subscription Subscription)> pairs,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        if (pairs is [])
            return;
        var numbers = await NumberAsync(db, pairs, now, cancellationToken);
        var codes = pairs
            .Where(pair => pair.Subscription.Payload is PayloadKind.Full)
            .Select(pair => pair.Alert.CouncilCode)
            .Distinct()
            .ToArray();
        var councils = codes is []
            ? []
            : await db
                .Councils.AsNoTracking()
                .Where(council => codes.Contains(council.Code))
                .ToDictionaryAsync(council => council.Code, cancellationToken);
        await db.InsertAsync(
            [
                .. pairs.Select(
                    (pair, i) =>
                        New(
                            pair.Alert,
                            pair.Subscription,
                            councils.GetValueOrDefault(pair.Alert.CouncilCode),
                            numbers[i],
                            now
                        )
                ),
            ],
            cancellationToken
        );
    }

    private static async Task<HashSet<(Guid AlertId, Guid SubscriptionId)>> AttemptedAsync(
        NotificationDb db,
        IReadOnlyList<Alert> alerts,
        CancellationToken cancellationToken
    )
    {
        var ids = alerts.Select(alert => (Guid?)alert.Id).ToArray();
        var rows = await db
            .Deliveries.Where(delivery => ids.Contains(delivery.AlertId) && delivery.Attempts > 0)
            .Select(delivery => new { AlertId = delivery.AlertId!.Value, delivery.SubscriptionId })
            .Distinct()
            .ToListAsync(cancellationToken);
        return [.. rows.Select(row => (row.AlertId, row.SubscriptionId))];
    }

    // Taken under the subscription's row lock, so that numbers have no gap and a receiver can tell what it has missed.
    private async Task<long[]> NumberAsync(
        NotificationDb db,
        IReadOnlyList<(Alert Alert, Subscription Subscription)> pairs,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var numbers = new long[pairs.Count];
        var counted = pairs
            .Select((pair, i) => (pair.Subscription, Index: i))
            .Where(pair => _channels[pair.Subscription.Channel].CountsEvents)
            .GroupBy(pair => pair.Subscription.Id, pair => pair.Index)
            .OrderBy(pair => pair.Key);
        foreach (var subscription in counted)
        {
            var indexes = subscription.ToList();
            var last = await db.CountEventsAsync(subscription.Key, indexes.Count, now, cancellationToken);
            for (var i = 0; i < indexes.Count; i++)
                numbers[indexes[i]] = last - indexes.Count + i + 1;
        }
        return numbers;
    }

    private EndpointDelivery New(
        Alert alert,
        Subscription subscription,
        Council? council,
        long number,
        DateTimeOffset now
    )
    {
        var view = () =>
            AlertView.Of(
                alert,
                alert.Place is { } place ? _sealer.Open(place) : null,
                council,
                now,
                _sealer.Open,
                changedAt: now
            );
        var notice = new Notice.OfAlert(alert, view, number);
        return RowOf(subscription, notice, now)
            ?? throw new InvalidOperationException($"Channel {subscription.Channel} has no words for an alert.");
    }

    private EndpointDelivery Row(Subscription subscription, Notice notice, ChannelMessage message, DateTimeOffset now)
    {
        var of = notice as Notice.OfAlert;
        var alert = of?.Alert;
        var body = message.IsSealed ? _sealer.Seal(new WebhookBody(message.Body)) : null;
        return new EndpointDelivery
        {
            // An id says when it was made.
            Id = Guid.CreateVersion7(notice.IsOfRestricted ? now.DayOnly() : now),
            SubscriptionId = subscription.Id,
            CouncilCode = subscription.CouncilCode,
            AlertId = alert?.Id,
            NoticeId = notice switch
            {
                Notice.OfRegistration told => told.Registration.Id,
                Notice.OfPlaceAgreement told => told.Registration.Id,
                _ => null,
            },
            AlertVersion = alert?.Version ?? 0,
            EventType = notice.EventType,
            EventNumber = of is { Number: > 0 } ? of.Number : null,
            Body = body?.Value ?? message.Body,
            BodyKeyId = body?.KeyId,
            CreatedAt = now,
            // A late plan's encounter may be days old, and an amendment's is older than its news.
            MeasuredFrom = alert is { News: AlertNews.Raised, Late: false, Version: 1 } ? alert.ReceivedAt : null,
            TraceParent = alert?.TraceParent,
        };
    }
}

/// <summary>The bytes of a full body, as they are sealed at rest.</summary>
[SealedAs("Safeguarding.Notification.Deliveries.WebhookBody")]
internal sealed record WebhookBody(byte[] Bytes)
{
    public override string ToString() => nameof(WebhookBody);
}

/// <summary>Something about no alert that a council is to receive.</summary>
internal sealed record CouncilNotice(string CouncilCode, Notice Notice, Audience Audience);

/// <summary>Who of a council is notified of something.</summary>
internal enum Audience
{
    /// <summary>Its first line, in and out of office hours: what can wait for the morning.</summary>
    FirstLine,

    /// <summary>Where an alert of this moment would go first: out of hours the emergency duty team too.</summary>
    OnDuty,

    /// <summary>All that the council has.</summary>
    Everybody,
}
