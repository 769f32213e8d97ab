using Microsoft.EntityFrameworkCore;
using Safeguarding.Messaging.Storage;
using Safeguarding.Notification.Delivery.Channels;
using Safeguarding.Notification.Domain;
using Safeguarding.Notification.Domain.Deliveries;
using Safeguarding.Notification.Storage;

namespace Safeguarding.Notification.Delivery;

/// <summary>
/// Says that an endpoint has begun to fail, and that it answers again: to the hub's operators in a row and a log line,
/// to the council through its other endpoints. Once, whichever replica saw it, and not more often than once a minute
/// for an endpoint that cannot decide.
/// </summary>
internal sealed partial class ReportEndpoints(
    IServiceScopeFactory scopes,
    NewDeliveries deliveries,
    TimeProvider clock,
    ILogger<ReportEndpoints> logger
) : RecurringWork(TimeSpan.FromSeconds(1), clock, logger)
{
    private static readonly TimeSpan Apart = TimeSpan.FromMinutes(1);

    protected override async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<NotificationDb>();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var now = Clock.GetUtcNow().AsStored();
        var changed = await db
            .Subscriptions.FromSql(
                $"""
                SELECT * FROM notification.subscription
                WHERE (failing_since IS NULL) <> (reported_failing_since IS NULL) AND (reported_at IS NULL
                    OR reported_at <= {now
                    - Apart})
                ORDER BY id FOR UPDATE SKIP LOCKED
                """
            )
            .ToListAsync(cancellationToken);
        if (changed is [])
            return;

        foreach (var subscription in changed)
        {
            var since = subscription.FailingSince ?? subscription.ReportedFailingSince ?? now;
            var report = new EndpointReport
            {
                Id = Guid.CreateVersion7(now),
                At = now,
                SubscriptionId = subscription.Id,
                CouncilCode = subscription.CouncilCode,
                FailingSince = since,
                Outcome = subscription.FailingSince is null ? null : subscription.FailingOutcome,
            };
            (subscription.ReportedFailingSince, subscription.ReportedAt) = (subscription.FailingSince, now);
            db.Add(report);
            var others = await db
                .Subscriptions.AsNoTracking()
                .Where(other =>
                    other.CouncilCode == subscription.CouncilCode
                    && other.Id != subscription.Id
                    && other.Enabled
                    && other.FailingSince == null
                )
                .ToListAsync(cancellationToken);
            foreach (var other in others)
            {
                await deliveries.DeliverNoticeAsync(
                    db,
                    other,
                    new Notice.OfEndpoint(report.Id, report.CouncilCode, subscription.Name, since, report.Outcome),
                    now,
                    cancellationToken
                );
            }
        }
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(CancellationToken.None);

        foreach (var subscription in changed)
        {
            if (subscription.FailingSince is null)
                Answers(Logger, subscription.Id, subscription.CouncilCode);
            else
                Fails(Logger, subscription.Id, subscription.CouncilCode, subscription.FailingOutcome);
        }
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Endpoint {SubscriptionId} of council {CouncilCode} fails: {Outcome}"
    )]
    private static partial void Fails(ILogger logger, Guid subscriptionId, string councilCode, AttemptOutcome? outcome);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "Endpoint {SubscriptionId} of council {CouncilCode} answers again"
    )]
    private static partial void Answers(ILogger logger, Guid subscriptionId, string councilCode);
}
