using Microsoft.EntityFrameworkCore;
using Safeguarding.Messaging.Storage;
using Safeguarding.PlanRegistry.Storage;

namespace Safeguarding.PlanRegistry.BreakGlass;

/// <summary>
/// Measures how long uses of break-glass wait to be judged, for the alarm: what nobody looks at is no control.
/// </summary>
internal sealed class WatchBreakGlass(IServiceScopeFactory scopes, TimeProvider clock, ILogger<WatchBreakGlass> logger)
    : RecurringWork(TimeSpan.FromMinutes(5), clock, logger)
{
    internal async Task<IReadOnlyDictionary<string, double>> MeasureAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var now = Clock.GetUtcNow();
        var oldest = await scope
            .ServiceProvider.GetRequiredService<PlanRegistryDb>()
            .BreakGlassUses.Where(use => use.Verdict == null)
            .GroupBy(use => use.Organisation)
            .ToDictionaryAsync(one => one.Key, one => one.Min(use => use.At), cancellationToken);
        return oldest.ToDictionary(one => one.Key, one => (now - one.Value).TotalSeconds);
    }

    protected override async Task RunOnceAsync(CancellationToken cancellationToken) =>
        BreakGlassMetrics.OldestSeconds = await MeasureAsync(cancellationToken);
}
