namespace Safeguarding.Bench.Baseline.Safe;

/// <summary>Takes what is due every 100 ms, and without a pause while there is a full batch.</summary>
internal abstract partial class Poller(TimeProvider clock, ILogger<Poller> logger) : BackgroundService
{
    protected const int Batch = 100;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    /// <returns>How many were taken.</returns>
    protected abstract Task<int> TakeAsync(CancellationToken cancellationToken);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                while (await TakeAsync(stoppingToken) == Batch) { }
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                // The rows stay, and are taken again.
                NotTaken(logger, GetType().Name, exception);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Poller} failed and tries again")]
    private static partial void NotTaken(ILogger logger, string poller, Exception exception);
}
