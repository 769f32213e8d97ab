namespace Safeguarding.Notification.Delivery;

/// <summary>
/// When an alert is tried again. Published in README.md and docs/decisions/0008-delivery-schedule.md; change
/// all three together.
/// </summary>
internal static class RetrySchedule
{
    /// <summary>
    /// Waits after the first, second, … failed attempt. The last one repeats for ever: only the council ends a
    /// delivery.
    /// </summary>
    public static readonly IReadOnlyList<TimeSpan> Waits =
    [
        TimeSpan.FromSeconds(5),
        TimeSpan.FromSeconds(30),
        TimeSpan.FromMinutes(2),
        TimeSpan.FromMinutes(5),
    ];

    /// <summary>
    /// Up to this share of a wait is added to it, so that a council that comes back is not met by everything
    /// at once.
    /// </summary>
    public const double Jitter = 0.2;

    /// <summary>A receiver may ask for more time, but not for more than this.</summary>
    public static readonly TimeSpan LongestRetryAfter = TimeSpan.FromHours(1);

    /// <summary>
    /// No attempt is deferred for so long, even by the clock of another process that runs ahead by
    /// minutes.
    /// </summary>
    public static readonly TimeSpan Never = 2 * LongestRetryAfter;

    /// <param name="failedAttempts">How many have failed, this one included.</param>
    /// <param name="retryAfter">What the receiver asked for.</param>
    /// <param name="chance">0 to 1, for the jitter.</param>
    public static TimeSpan WaitAfter(int failedAttempts, TimeSpan? retryAfter, double chance)
    {
        var wait = Waits[Math.Clamp(failedAttempts, 1, Waits.Count) - 1] * (1 + Jitter * chance);
        var asked = Capped(retryAfter);
        return asked > wait ? asked : wait;
    }

    public static TimeSpan Capped(TimeSpan? retryAfter) =>
        retryAfter switch
        {
            null => TimeSpan.Zero,
            { } asked when asked < TimeSpan.Zero => TimeSpan.Zero,
            { } asked when asked > LongestRetryAfter => LongestRetryAfter,
            { } asked => asked,
        };
}
