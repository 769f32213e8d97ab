using Microsoft.EntityFrameworkCore;
using Safeguarding.Hosting;
using Safeguarding.Messaging.Storage;
using Safeguarding.PlanRegistry.Domain.Plans;

namespace Safeguarding.PlanRegistry.Storage;

/// <summary>
/// Erases what nobody may be shown any more: plans 12 months after their end or deletion, look-ups after 12 months, the
/// lines of reports after 90 days.
/// </summary>
internal sealed partial class PurgeExpired(
    IServiceScopeFactory scopes,
    TimeProvider clock,
    ILogger<PurgeExpired> logger
) : RecurringWork(TimeSpan.FromHours(1), clock, logger)
{
    private const int ReportDays = 90;

    protected override async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<PlanRegistryDb>();
        var now = Clock.GetUtcNow();
        var (earliestEnd, yearAgo, reportsSince) = (
            Plan.EarliestShownEnd(UkTime.Day(now)),
            now.AddMonths(-12),
            now.AddDays(-ReportDays)
        );
        var plans = await db
            .Plans.Where(plan => plan.EndDate < earliestEnd || plan.DeletedAt < yearAgo)
            .ExecuteDeleteAsync(cancellationToken);
        var lines = await db
            .StagedLines.Where(line =>
                db.Uploads.Any(upload => upload.Id == line.UploadId && upload.FinishedAt < reportsSince)
            )
            .ExecuteDeleteAsync(cancellationToken);
        var lookups = await db.Lookups.Where(lookup => lookup.At < yearAgo).ExecuteDeleteAsync(cancellationToken);
        if (plans + lines + lookups > 0)
            Deleted(Logger, plans, lines, lookups);
    }

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "Deleted {Plans} plans, {Lines} lines of reports and {Lookups} look-ups"
    )]
    private static partial void Deleted(ILogger logger, int plans, int lines, int lookups);
}
