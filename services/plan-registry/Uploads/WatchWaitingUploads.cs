using Microsoft.EntityFrameworkCore;
using Safeguarding.Messaging.Storage;
using Safeguarding.PlanRegistry.Domain.Uploads;
using Safeguarding.PlanRegistry.Storage;

namespace Safeguarding.PlanRegistry.Uploads;

/// <summary>
/// Counts every minute what waits for a council's confirmation, for the alarm: until it comes, children may be
/// missing from the register.
/// </summary>
internal sealed class WatchWaitingUploads(
    IServiceScopeFactory scopes,
    TimeProvider clock,
    ILogger<WatchWaitingUploads> logger
) : RecurringWork(TimeSpan.FromMinutes(1), clock, logger)
{
    internal async Task<IReadOnlyList<WaitingUploads>> CountAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<PlanRegistryDb>();
        var now = Clock.GetUtcNow();
        var waiting = await db
            .Uploads.Where(upload => upload.State == UploadState.AwaitingConfirmation)
            .GroupBy(upload => upload.CouncilCode)
            .Select(council => new
            {
                Code = council.Key,
                Uploads = council.Count(),
                Oldest = council.Min(upload => upload.WaitingSince),
            })
            .ToListAsync(cancellationToken);
        return
        [
            .. waiting.Select(council => new WaitingUploads(
                council.Code,
                council.Uploads,
                (now - council.Oldest)?.TotalSeconds ?? 0
            )),
        ];
    }

    protected override async Task RunOnceAsync(CancellationToken cancellationToken) =>
        UploadMetrics.Waiting = await CountAsync(cancellationToken);
}
