using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using Safeguarding.Matching.Lookup;
using Safeguarding.Matching.Storage;
using Safeguarding.Messaging.Storage;

namespace Safeguarding.Matching.Encounters;

/// <summary>How long unmatched encounters are kept.</summary>
internal sealed class RetentionOptions
{
    /// <summary>
    /// Days after its last version for which an unmatched encounter can still be matched by a late plan
    /// (<c>Retention__UnmatchedDays</c>). Default 3.
    /// </summary>
    [Range(1, 31, ErrorMessage = "Retention__UnmatchedDays must be between 1 and 31.")]
    public int UnmatchedDays { get; set; } = 3;
}

/// <summary>
/// Makes the partitions of the days to come and drops those whose days are over: an unmatched encounter is
/// then gone.
/// </summary>
internal sealed partial class PurgeEncounters(
    DailyPartitions partitions,
    EncounterKeys keys,
    IOptions<RetentionOptions> retention,
    TimeProvider clock,
    ILogger<PurgeEncounters> logger
) : RecurringWork(TimeSpan.FromHours(1), clock, logger), IHostedLifecycleService
{
    // Before the consumers start: they write to the partition of the day.
    public Task StartingAsync(CancellationToken cancellationToken) => RunAsync(cancellationToken);

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    internal async Task RunAsync(CancellationToken cancellationToken)
    {
        var today = DateOnly.FromDateTime(Clock.GetUtcNow().UtcDateTime);
        await partitions.EnsureAsync(today, cancellationToken);
        await partitions.EnsureAsync(today.AddDays(1), cancellationToken);
        var firstKept = today.AddDays(-retention.Value.UnmatchedDays);
        var dropped = await partitions.DropBeforeAsync(firstKept, cancellationToken);
        keys.Purge(firstKept);
        if (dropped > 0)
            Purged(Logger, dropped);
    }

    protected override Task RunOnceAsync(CancellationToken cancellationToken) => RunAsync(cancellationToken);

    [LoggerMessage(Level = LogLevel.Information, Message = "Deleted unmatched encounters of {Days} days")]
    private static partial void Purged(ILogger logger, int days);
}
