using Microsoft.EntityFrameworkCore;
using Safeguarding.Messaging.Storage;

namespace Safeguarding.Notification.Storage.Retention;

/// <summary>Deletes attendances after 12 months.</summary>
internal sealed class PurgeAttendances(
    IServiceScopeFactory scopes,
    TimeProvider clock,
    ILogger<PurgeAttendances> logger
) : RecurringWork(TimeSpan.FromHours(1), clock, logger)
{
    protected override async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var yearAgo = Clock.GetUtcNow().AddMonths(-12);
        await scope
            .ServiceProvider.GetRequiredService<NotificationDb>()
            .PlanAttendances.Where(row => row.At < yearAgo)
            .ExecuteDeleteAsync(cancellationToken);
    }
}
