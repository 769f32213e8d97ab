using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Safeguarding.Hosting.Storage;

/// <summary>
/// Work on the database that a service does at its start and again and again. Where the database or the key ring is away it is put off; any
/// other failure ends the service.
/// </summary>
/// <param name="pace">From the end of one run to the next.</param>
/// <param name="clock">The service's clock.</param>
/// <param name="logger">Is told what was put off.</param>
public abstract partial class RecurringWork(TimeSpan pace, TimeProvider clock, ILogger logger) : BackgroundService
{
    // Hourly work that met a restart of the database need not wait for the next hour.
    private static readonly TimeSpan LongestPutOff = TimeSpan.FromSeconds(10);

    /// <summary>The service's clock.</summary>
    protected TimeProvider Clock { get; } = clock;

    /// <summary>The work's logger.</summary>
    protected ILogger Logger { get; } = logger;

    /// <summary>One run.</summary>
    protected abstract Task RunOnceAsync(CancellationToken cancellationToken);

    /// <inheritdoc/>
    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var pause = pace;
            try
            {
                await RunOnceAsync(stoppingToken);
            }
            catch (Exception exception) when (StorageAway.Explains(exception))
            {
                // A statement that the service's own end broke off says nothing of the database.
                if (!stoppingToken.IsCancellationRequested)
                    PutOff(Logger, GetType().Name, StorageAway.Name(exception));
                pause = pace < LongestPutOff ? pace : LongestPutOff;
            }

            await Task.Delay(pause, Clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Work} is put off: what it stands on is away ({Failure})")]
    private static partial void PutOff(ILogger logger, string work, string failure);
}
