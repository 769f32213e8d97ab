using Npgsql;
using Safeguarding.Hosting.Storage;

namespace Safeguarding.Matching.Lookup;

/// <summary>Fills the indexes before the consumers start, and keeps them near their tables, so that whoever asks has little to read first.</summary>
internal sealed partial class FollowKeys(NpgsqlDataSource source, PlanKeys plans, EncounterKeys encounters, TimeProvider clock, ILogger<FollowKeys> logger)
    : BackgroundService, IHostedLifecycleService
{
    private static readonly TimeSpan Often = TimeSpan.FromSeconds(1);

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        var began = clock.GetTimestamp();
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await plans.LoadAsync(connection, cancellationToken);
        await encounters.LoadAsync(connection, cancellationToken);
        var (held, seen, milliseconds) = (plans.Rows, encounters.Rows, (long)clock.GetElapsedTime(began).TotalMilliseconds);
        Filled(logger, held, seen, milliseconds);
    }

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Often, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                try
                {
                    await using var connection = await source.OpenConnectionAsync(stoppingToken);
                    await plans.FollowAsync(connection, stoppingToken);
                    await encounters.FollowAsync(connection, stoppingToken);
                }
                catch (Exception exception) when (StorageAway.Explains(exception))
                {
                    PutOff(logger, StorageAway.Name(exception));
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopping.
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The look-up holds {Plans} plans and {Encounters} encounters, read in {Milliseconds} ms")]
    private static partial void Filled(ILogger logger, int plans, int encounters, long milliseconds);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The look-up was not followed ({Failure}); whoever asks reads what is missing")]
    private static partial void PutOff(ILogger logger, string failure);
}
