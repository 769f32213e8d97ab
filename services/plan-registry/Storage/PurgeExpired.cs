using Microsoft.EntityFrameworkCore;
using Safeguarding.Hosting;
using Safeguarding.Messaging.Storage;
using Safeguarding.PlanRegistry.Domain.Plans;

namespace Safeguarding.PlanRegistry.Storage;

/// <summary>
/// Erases what nobody may be shown any more: plans 12 months after their end or deletion, the lines of reports
/// after 90 days.
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
        if (plans + lines > 0)
            Deleted(Logger, plans, lines);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Deleted {Plans} plans and {Lines} lines of reports")]
    private static partial void Deleted(ILogger logger, int plans, int lines);
}
