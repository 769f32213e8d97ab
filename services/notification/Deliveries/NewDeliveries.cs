using Microsoft.EntityFrameworkCore;
using Safeguarding.Contracts;
using Safeguarding.Hosting.Privacy;
using Safeguarding.Notification.Alerts;
using Safeguarding.Notification.Councils;
using Safeguarding.Notification.Storage;
using Safeguarding.Notification.Subscriptions;

namespace Safeguarding.Notification.Deliveries;

/// <summary>Puts what a council is to hear on its way to each of its endpoints, in the transaction that made it news.</summary>
internal static class NewDeliveries
{
    public static async Task DeliverAsync(
        this NotificationDb db, IReadOnlyList<Alert> told, Sealer sealer, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (told is []) return;
        var councils = told.Select(alert => alert.CouncilCode).Distinct().ToArray();
        var endpoints = await db.Subscriptions
            .Where(subscription => councils.Contains(subscription.CouncilCode))
            .Select(subscription => new Endpoint(subscription.Id, subscription.CouncilCode, subscription.Payload))
            .ToListAsync(cancellationToken);
        var byCouncil = endpoints.ToLookup(endpoint => endpoint.CouncilCode);
        await db.InsertAsync(told, alert => byCouncil[alert.CouncilCode], sealer, now, cancellationToken);
    }

    /// <summary>Only to the endpoints that were tried before: they may have heard of the alert, even where their answer was lost.</summary>
    public static async Task DeliverWithdrawalAsync(
        this NotificationDb db, IReadOnlyList<Alert> withdrawn, Sealer sealer, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var alerts = withdrawn.Select(alert => alert.Id).ToArray();
        var tried = await db.Deliveries
            .Where(delivery => alerts.Contains(delivery.AlertId) && delivery.Attempts > 0)
            .Join(db.Subscriptions, delivery => delivery.SubscriptionId, subscription => subscription.Id, (delivery, subscription) =>
                new { delivery.AlertId, subscription.Id, subscription.CouncilCode, subscription.Payload })
            .Distinct()
            .ToListAsync(cancellationToken);
        var byAlert = tried.ToLookup(row => row.AlertId, row => new Endpoint(row.Id, row.CouncilCode, row.Payload));
        await db.InsertAsync(withdrawn, alert => byAlert[alert.Id], sealer, now, cancellationToken);
    }

    private static async Task InsertAsync(
        this NotificationDb db, IReadOnlyList<Alert> alerts, Func<Alert, IEnumerable<Endpoint>> endpointsOf, Sealer sealer,
        DateTimeOffset now, CancellationToken cancellationToken)
    {
        var pairs = alerts.SelectMany(alert => endpointsOf(alert).Select(endpoint => (alert, endpoint))).ToList();
        var full = pairs.Where(pair => pair.endpoint.Payload is PayloadKind.Full).Select(pair => pair.alert).Distinct().ToList();
        var contacts = full is [] ? [] : await db.ContactsOfAsync(full, cancellationToken);
        await db.InsertAsync(pairs.ConvertAll(pair => New(pair.alert, pair.endpoint, contacts, sealer, now)), cancellationToken);
    }

    private static async Task<Dictionary<string, Council>> ContactsOfAsync(
        this NotificationDb db, List<Alert> alerts, CancellationToken cancellationToken)
    {
        var codes = alerts.Select(alert => alert.CouncilCode).Distinct().ToArray();
        return await db.Councils.AsNoTracking().Where(council => codes.Contains(council.Code)).ToDictionaryAsync(council => council.Code, cancellationToken);
    }

    private static Delivery New(Alert alert, Endpoint endpoint, Dictionary<string, Council> contacts, Sealer sealer, DateTimeOffset now)
    {
        var body = endpoint.Payload is PayloadKind.Thin ? null : sealer.Seal(new WebhookBody(WebhookEvent.Full(
            AlertView.Of(alert, alert.Place is { } place ? sealer.Open(place) : null, contacts.GetValueOrDefault(alert.CouncilCode), now), now)));
        return new Delivery
        {
            Id = Guid.CreateVersion7(now),
            SubscriptionId = endpoint.SubscriptionId,
            CouncilCode = alert.CouncilCode,
            AlertId = alert.Id,
            AlertVersion = alert.Version,
            EventType = WebhookEvent.TypeOf(alert.News),
            Body = body?.Value ?? WebhookEvent.Thin(alert, now),
            BodyKeyId = body?.KeyId,
            CreatedAt = now,
            // A late plan's encounter may be days old, and an amendment's is older than its news.
            MeasuredFrom = alert is { News: AlertNews.Raised, Late: false, Version: 1 } ? alert.ReceivedAt : null,
            TraceParent = alert.TraceParent,
        };
    }

    private sealed record Endpoint(Guid SubscriptionId, string CouncilCode, PayloadKind Payload);
}

/// <summary>The bytes of a full body, as they are sealed at rest.</summary>
internal sealed record WebhookBody(byte[] Bytes)
{
    public override string ToString() => nameof(WebhookBody);
}
