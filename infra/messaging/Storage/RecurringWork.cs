using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Safeguarding.Messaging.Storage;

/// <summary>
/// Work on the database that a service does at its start and then at a fixed pace. While the database or the key ring
/// is unavailable it is deferred; any other failure ends the service.
/// </summary>
/// <param name="pace">From the start of one run to the next; a run that takes longer is followed at once.</param>
/// <param name="clock">The service's clock.</param>
/// <param name="logger">Logs what was deferred.</param>
/// <example>
/// <code>
/// internal sealed class PurgeDrafts(TimeProvider clock, ILogger&lt;PurgeDrafts&gt; logger)
///     : RecurringWork(TimeSpan.FromHours(1), clock, logger)
/// {
///     protected override Task RunOnceAsync(CancellationToken stopping) => DeleteOldDraftsAsync(stopping);
/// }
/// </code>
/// </example>
public abstract partial class RecurringWork(TimeSpan pace, TimeProvider clock, ILogger logger) : BackgroundService
{
    // Hourly work that met a restart of the database need not wait for the next hour.
    private static readonly TimeSpan LongestDeferral = TimeSpan.FromSeconds(10);

    /// <summary>The service's clock.</summary>
    protected TimeProvider Clock { get; } = clock;

    /// <summary>The work's logger.</summary>
    protected ILogger Logger { get; } = logger;

    /// <summary>One run.</summary>
    /// <param name="cancellationToken">Cancelled when the service stops.</param>
    /// <exception cref="System.Data.Common.DbException">The database is unavailable: it runs again.</exception>
    /// <exception cref="DependencyUnavailableException">As above, of the key ring.</exception>
    protected abstract Task RunOnceAsync(CancellationToken cancellationToken);

    /// <inheritdoc/>
    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // It keeps one tick that comes while a run is under way: that run may have read the clock before.
        using var ticks = new PeriodicTimer(pace, Clock);
        try
        {
            do
            {
                while (!await IsDoneAsync(stoppingToken))
                    await Task.Delay(pace < LongestDeferral ? pace : LongestDeferral, Clock, stoppingToken);
            } while (await ticks.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopping.
        }
    }

    private async Task<bool> IsDoneAsync(CancellationToken stoppingToken)
    {
        try
        {
            await RunOnceAsync(stoppingToken);
            return true;
        }
        catch (Exception exception) when (TransientFaults.IsDatabaseError(exception))
        {
            // A statement that the service's own end broke off says nothing of the database.
            if (!stoppingToken.IsCancellationRequested)
                Deferred(Logger, GetType().Name, TransientFaults.Name(exception));
            return false;
        }
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "{Work} is deferred: the database or the key ring is unavailable ({Failure})"
    )]
    private static partial void Deferred(ILogger logger, string work, string failure);
}
