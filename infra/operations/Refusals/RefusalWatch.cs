using Microsoft.Extensions.Logging;
using Safeguarding.Messaging.Storage;
using Safeguarding.Operations.Sources;

namespace Safeguarding.Operations.Refusals;

/// <summary>
/// Notices an organisation that is refused more than is usual for it by hour and weekday: a release of its own that
/// broke its messages, which nobody else would notice. Deletes what is past its time.
/// </summary>
internal sealed partial class RefusalWatch(RefusalStore store, TimeProvider clock, ILogger<RefusalWatch> logger)
    : RecurringWork(TimeSpan.FromMinutes(1), clock, logger)
{
    /// <summary>Fewer in an hour raise no alarm.</summary>
    public const int FewestStrange = 10;

    // Of an organisation that is never refused, or not known for long, the first few say nothing.
    private const double LeastExpected = 1;
    private static readonly TimeSpan Window = TimeSpan.FromHours(1);

    private HashSet<string> _unusual = new(StringComparer.Ordinal);

    protected override async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        var now = Clock.GetUtcNow();
        await store.PurgeAsync(
            now - TimeSpan.FromDays(RefusalTables.KeptDays),
            now - TimeSpan.FromDays((7 * Rhythm.MostWeeks) + 1),
            cancellationToken
        );
        var hours = await store.HoursAsync(cancellationToken);
        var unusual = hours
            .Where(own => IsUnusual(own.Value, now))
            .Select(own => own.Key)
            .ToHashSet(StringComparer.Ordinal);
        foreach (var organisation in unusual.Except(_unusual))
            Unusual(Logger, organisation);
        _unusual = unusual;
        OperationsMetrics.RefusedUnusually = [.. unusual];
    }

    internal static bool IsUnusual(Dictionary<DateTimeOffset, int> refused, DateTimeOffset now)
    {
        // Counts are by whole hours: the one before, and as much as there is of this one.
        var from = Rhythm.Floor(now) - Window;
        var lately = refused.Where(hour => hour.Key >= from).Sum(hour => hour.Value);
        if (lately < FewestStrange)
            return false;
        var rhythm = Rhythm.Learn(refused.Keys.Min(), refused, from);
        return Rhythm.ChanceOfAtLeast(
                lately,
                Math.Max(LeastExpected, rhythm?.Expected(from, now) ?? 0),
                rhythm?.Dispersion ?? 1
            ) < SourceWatch.Strange;
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Unusually many requests of {Organisation} are refused; see GET /refusals"
    )]
    private static partial void Unusual(ILogger logger, string organisation);
}
