using Microsoft.EntityFrameworkCore;
using Safeguarding.Messaging.Storage;
using Safeguarding.PlanRegistry.Storage;

namespace Safeguarding.PlanRegistry.Plans;

/// <summary>
/// Counts, by council, the plans of the last 30 days that were deleted within a week of their registration: many may be
/// somebody who registers children to learn where they are, and wipes out the traces.
/// </summary>
internal sealed class CountDeletedSoon(
    IServiceScopeFactory scopes,
    TimeProvider clock,
    ILogger<CountDeletedSoon> logger
) : RecurringWork(TimeSpan.FromMinutes(5), clock, logger)
{
    private static readonly TimeSpan Soon = TimeSpan.FromDays(7);
    private static readonly TimeSpan Counted = TimeSpan.FromDays(30);

    internal async Task<IReadOnlyDictionary<string, int>> CountAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var since = Clock.GetUtcNow() - Counted;
        return await scope
            .ServiceProvider.GetRequiredService<PlanRegistryDb>()
            .Plans.Where(plan => plan.DeletedAt >= since && plan.DeletedAt - plan.RegisteredAt < Soon)
            .GroupBy(plan => plan.CouncilCode)
            .ToDictionaryAsync(council => council.Key, council => council.Count(), cancellationToken);
    }

    protected override async Task RunOnceAsync(CancellationToken cancellationToken) =>
        PlanMetrics.DeletedSoon = await CountAsync(cancellationToken);
}
