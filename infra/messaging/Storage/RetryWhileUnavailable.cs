namespace Safeguarding.Messaging.Storage;

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
