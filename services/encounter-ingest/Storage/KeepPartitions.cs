using Microsoft.Extensions.Options;
using Safeguarding.Hosting.Storage;

namespace Safeguarding.EncounterIngest.Storage;

/// <summary>How long what is known of an encounter is kept here (<c>Retention__UnmatchedDays</c>).</summary>
internal sealed class RetentionSettings
{
    /// <summary>Whole days after the day of receipt. A match copies what it needs, so this is for plans that arrive late.</summary>
    [System.ComponentModel.DataAnnotations.Range(1, 30, ErrorMessage = "Retention__UnmatchedDays must be between 1 and 30.")]
    public int UnmatchedDays { get; set; } = 3;
}

internal sealed partial class KeepPartitions(
    Partitions partitions, IOptions<RetentionSettings> retention, TimeProvider clock, ILogger<KeepPartitions> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromHours(1);
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var pause = Pause;
            try
            {
                await RunAsync(stoppingToken);
            }
            catch (Exception exception) when (StorageAway.Explains(exception))
            {
                NotYet(logger, StorageAway.Name(exception));
                pause = PauseAfterFailure;
            }

            await Task.Delay(pause, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    internal async Task RunAsync(CancellationToken cancellationToken)
    {
        await partitions.CreateAheadAsync(cancellationToken);
        var today = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
        var dropped = await partitions.DropBeforeAsync(today.AddDays(-retention.Value.UnmatchedDays), cancellationToken);
        if (dropped > 0)
            Dropped(logger, dropped);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Retention dropped {Days} days of encounter versions")]
    private static partial void Dropped(ILogger logger, int days);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Partitions could not be kept ({Failure}); trying again")]
    private static partial void NotYet(ILogger logger, string failure);
}
