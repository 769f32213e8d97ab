using Microsoft.EntityFrameworkCore;
using Safeguarding.Hosting;
using Safeguarding.Messaging.Storage;
using Safeguarding.PlanRegistry.Domain.Plans;
using Safeguarding.PlanRegistry.Domain.Uploads;

namespace Safeguarding.PlanRegistry.Storage;

/// <summary>
/// Erases what nobody may be shown any more: plans 12 months after their end or deletion, look-ups after 12 months, the
/// lines of reports after 90 days, and who they are about a day after they came.
/// </summary>
internal sealed partial class PurgeExpired(
    IServiceScopeFactory scopes,
    TimeProvider clock,
    ILogger<PurgeExpired> logger
) : RecurringWork(TimeSpan.FromHours(1), clock, logger)
{
    private const int ReportDays = 90;

    // A confirmation that is under way when the day is over must find its lines.
    private static readonly TimeSpan Grace = TimeSpan.FromHours(1);

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
        var keptSince = now - Upload.Kept - Grace;
        var sent = await db
            .StagedLines.Where(line =>
                line.Sent != null
                && db.Uploads.Any(upload => upload.Id == line.UploadId && upload.ReceivedAt < keptSince)
            )
            .ExecuteUpdateAsync(
                set =>
                    set.SetProperty(line => line.Sent, (byte[]?)null)
                        .SetProperty(line => line.SentKeyId, (string?)null),
                cancellationToken
            );
        var unconfirmed = await db
            .StagedLines.Where(line =>
                line.Subject != null
                && db.Uploads.Any(upload =>
                    upload.Id == line.UploadId
                    && upload.DryRun
                    && upload.State == UploadState.Completed
                    && upload.ReceivedAt < keptSince
                )
            )
            .ExecuteUpdateAsync(
                set =>
                    set.SetProperty(line => line.Subject, (byte[]?)null)
                        .SetProperty(line => line.SubjectKeyId, (string?)null)
                        .SetProperty(line => line.NhsNumberMac, (byte[]?)null)
                        .SetProperty(line => line.FactsMac, (byte[]?)null),
                cancellationToken
            );
        var lookups = await db.Lookups.Where(lookup => lookup.At < yearAgo).ExecuteDeleteAsync(cancellationToken);
        if (plans + lines + sent + unconfirmed + lookups > 0)
            Deleted(Logger, plans, lines, sent + unconfirmed, lookups);
    }

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "Deleted {Plans} plans, {Lines} lines of reports, the persons of {Kept} others, and {Lookups} look-ups"
    )]
    private static partial void Deleted(ILogger logger, int plans, int lines, int kept, int lookups);
}
