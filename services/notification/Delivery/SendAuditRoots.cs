using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Safeguarding.Contracts.Alerts;
using Safeguarding.Hosting.Audit;
using Safeguarding.Messaging.Storage;
using Safeguarding.Notification.Delivery.Channels;
using Safeguarding.Notification.Domain.Subscriptions;
using Safeguarding.Notification.Storage;

namespace Safeguarding.Notification.Delivery;

/// <summary>
/// Reads the signed roots of every service's audit, and sends each once to the subscriptions that name their type. They
/// are in files side by side (<c>Audit__RootsDirectory</c>), so no service has to be asked.
/// </summary>
internal sealed partial class SendAuditRoots(
    IServiceScopeFactory scopes,
    NewDeliveries deliveries,
    NewestAuditRoots newest,
    IConfiguration configuration,
    TimeProvider clock,
    ILogger<SendAuditRoots> logger
) : RecurringWork(TimeSpan.FromSeconds(10), clock, logger)
{
    // Two days. What is older is no loss: a newer root says the same of it.
    private const int Most = 48;

    private readonly Dictionary<string, long> _read = [];

    protected override async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        if (configuration["Audit:RootsDirectory"] is not { Length: > 0 } directory)
            return;
        foreach (var file in Directory.GetFiles(directory, "*.jsonl").Order(StringComparer.Ordinal))
        {
            var length = new FileInfo(file).Length;
            if (length == _read.GetValueOrDefault(file))
                continue;
            if (RootsIn(file) is { Count: > 0 } roots)
            {
                newest.Read(roots[^1]);
                await SendAsync(roots, cancellationToken);
            }

            _read[file] = length;
        }
    }

    private async Task SendAsync(List<AuditRoot> roots, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<NotificationDb>();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var (service, last) = (roots[^1].Service, roots[^1].Number);
        // A service that is seen first has its newest sent. The row keeps the other replicas out until the commit.
        var sent = (
            await db
                .Database.SqlQuery<long>(
                    $"""
                    INSERT INTO notification.audit_root_sent VALUES ({service}, {last - 1})
                    ON CONFLICT (service) DO UPDATE SET service = excluded.service RETURNING number
                    """
                )
                .ToListAsync(cancellationToken)
        )[0];
        var now = Clock.GetUtcNow();
        foreach (var subscription in await WantingAsync(db, now, cancellationToken))
        {
            foreach (var root in roots.Where(root => root.Number > sent))
            {
                var notice = new Notice.OfAuditRoot(
                    subscription.CouncilCode,
                    RootForOrganisation.Of(root, subscription.CouncilCode)
                );
                await deliveries.DeliverNoticeAsync(db, subscription, notice, now, cancellationToken);
            }
        }

        await db.Database.ExecuteSqlAsync(
            $"UPDATE notification.audit_root_sent SET number = greatest(number, {last}) WHERE service = {service}",
            cancellationToken
        );
        await transaction.CommitAsync(CancellationToken.None);
    }

    private static Task<List<Subscription>> WantingAsync(
        NotificationDb db,
        DateTimeOffset now,
        CancellationToken cancellationToken
    ) =>
        db
            .Subscriptions.AsNoTracking()
            .Where(subscription =>
                subscription.Types != null
                && subscription.Types.Contains(AlertSignalTypes.AuditRoot)
                && (subscription.EndsAt == null || subscription.EndsAt > now)
            )
            .ToListAsync(cancellationToken);

    private List<AuditRoot> RootsIn(string file)
    {
        try
        {
            return [.. File.ReadLines(file).Where(line => line.Length > 0).TakeLast(Most).Select(AuditRoot.Parse)];
        }
        catch (Exception failure) when (failure is JsonException or IOException)
        {
            // A line that is being written is whole the next time; ./hub audit verify names one that is not.
            Unreadable(Logger, Path.GetFileName(file));
            return [];
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The file of audit roots {File} cannot be read")]
    private static partial void Unreadable(ILogger logger, string file);
}
