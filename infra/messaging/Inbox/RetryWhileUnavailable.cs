using Safeguarding.Messaging.Storage;

namespace Safeguarding.Messaging.Inbox;

/// <summary>
/// Tries again for as long as the database or the key ring is unavailable: that is no fault of the
/// message.
/// </summary>
internal static class RetryWhileUnavailable
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    /// <param name="act">Can be done twice; every other failure of it is thrown.</param>
    /// <param name="pausing">Called at each wait.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public static async Task RunAsync(
        Func<Task> act,
        Action<Exception> pausing,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            try
            {
                await act();
                return;
            }
            catch (Exception exception)
                when (!cancellationToken.IsCancellationRequested && TransientFaults.IsUnavailable(exception))
            {
                pausing(exception);
                await Task.Delay(pause, clock, cancellationToken);
            }
        }
    }
}

/// <summary>
/// Handles all events in one transaction and, where that fails, one by one, so that only an event that fails alone is
/// parked. While the database or the key ring is unavailable it waits: the message is not at fault.
/// </summary>
internal static class BatchThenIndividually
{
    private const int AttemptsAlone = 3;

    /// <param name="events">What the batches hold.</param>
    /// <param name="take">Takes some of it in one transaction, known ones left out; throws where it fails.</param>
    /// <param name="park">Puts one aside with its last failure.</param>
    /// <param name="pausing">Called at each wait.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="cancellationToken">Leaves the batches where they are.</param>
    public static async Task RunAsync<TEvent>(
        List<TEvent> events,
        Func<List<TEvent>, Task> take,
        Func<TEvent, Exception, Task> park,
        Action<Exception> pausing,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        if (events.Count > 1 && await TryAsync(events, 1) is null)
            return;
        foreach (var single in events)
        {
            if (await TryAsync([single], AttemptsAlone) is { } failure)
                await park(single, failure);
        }

        async Task<Exception?> TryAsync(List<TEvent> some, int attempts)
        {
            for (var attempt = 1; ; )
            {
                try
                {
                    await RetryWhileUnavailable.RunAsync(() => take(some), pausing, clock, cancellationToken);
                    return null;
                }
                catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
                {
                    if (attempt++ >= attempts)
                        return exception;
                }
            }
        }
    }
}
