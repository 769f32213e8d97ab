using Microsoft.Extensions.Options;
using Safeguarding.Messaging.Storage;

namespace Safeguarding.EncounterIngest.Storage;

/// <summary>How long what is known of an encounter is kept here (<c>Retention__UnmatchedDays</c>).</summary>
internal sealed class RetentionOptions
{
    /// <summary>
    /// Whole days after the day of receipt. A match copies what it needs, so this is for plans that arrive
    /// late.
    /// </summary>
    [System.ComponentModel.DataAnnotations.Range(
        1,
        30,
        ErrorMessage = "Retention__UnmatchedDays must be between 1 and 30."
    )]
    public int UnmatchedDays { get; set; } = 3;
}

internal sealed partial class PurgePartitions(
    Partitions partitions,
    IOptions<RetentionOptions> retention,
    TimeProvider clock,
    ILogger<PurgePartitions> logger
) : RecurringWork(TimeSpan.FromHours(1), clock, logger)
{
    internal async Task RunAsync(CancellationToken cancellationToken)
    {
        await partitions.CreateAheadAsync(cancellationToken);
        var today = DateOnly.FromDateTime(Clock.GetUtcNow().UtcDateTime);
        var dropped = await partitions.DropBeforeAsync(
            today.AddDays(-retention.Value.UnmatchedDays),
            cancellationToken
        );
        if (dropped > 0)
            Dropped(Logger, dropped);
    }

    protected override Task RunOnceAsync(CancellationToken cancellationToken) => RunAsync(cancellationToken);

    [LoggerMessage(Level = LogLevel.Information, Message = "Retention dropped {Days} days of encounter versions")]
    private static partial void Dropped(ILogger logger, int days);
}
