using System.Net;

namespace Safeguarding.Notification.Domain.Deliveries;

/// <summary>How one attempt ended, as a class: all that is kept of a receiver's answer besides its status.</summary>
internal enum AttemptOutcome
{
    /// <summary>2xx.</summary>
    Delivered,

    /// <summary>No answer in time.</summary>
    TimedOut,

    /// <summary>The endpoint's name did not resolve.</summary>
    NameNotResolved,

    /// <summary>The name resolved to addresses that the hub may not call.</summary>
    AddressNotAllowed,

    /// <summary>Connection refused, reset, or closed before an answer.</summary>
    ConnectionFailed,

    /// <summary>No TLS session, for another reason than the next three.</summary>
    TlsFailed,

    /// <summary>The endpoint's certificate, or one above it, has expired or is not valid yet.</summary>
    TlsCertificateExpired,

    /// <summary>The endpoint's certificate is for another name.</summary>
    TlsCertificateWrongName,

    /// <summary>
    /// The endpoint's certificate leads to no issuer that the hub trusts; often an intermediate certificate is
    /// not sent.
    /// </summary>
    TlsCertificateUnknownIssuer,

    /// <summary>An answer that is not HTTP, or is too large.</summary>
    AnswerInvalid,

    /// <summary>408 or 425.</summary>
    NotReady,

    /// <summary>429.</summary>
    Throttled,

    /// <summary>5xx.</summary>
    ServerError,

    /// <summary>3xx; never followed.</summary>
    Redirected,

    /// <summary>410.</summary>
    Gone,

    /// <summary>Any other 4xx.</summary>
    Rejected,
}

/// <summary>What follows from an attempt.</summary>
internal enum NextStep
{
    /// <summary>Nothing: the receiver has it.</summary>
    Done,

    /// <summary>Again, for as long as it takes.</summary>
    Retry,

    /// <summary>Not again at this endpoint until someone asks; the alert stays in the feed.</summary>
    Park,
}

internal static class AttemptOutcomes
{
    public static AttemptOutcome Of(HttpStatusCode status) =>
        (int)status switch
        {
            >= 200 and < 300 => AttemptOutcome.Delivered,
            >= 300 and < 400 => AttemptOutcome.Redirected,
            408 or 425 => AttemptOutcome.NotReady,
            410 => AttemptOutcome.Gone,
            429 => AttemptOutcome.Throttled,
            >= 400 and < 500 => AttemptOutcome.Rejected,
            >= 500 => AttemptOutcome.ServerError,
            _ => AttemptOutcome.AnswerInvalid,
        };

    /// <summary>
    /// Only a receiver that says "this request is wrong" is believed; everything else may recover
    /// itself.
    /// </summary>
    public static NextStep NextStep(this AttemptOutcome outcome) =>
        outcome switch
        {
            AttemptOutcome.Delivered => Deliveries.NextStep.Done,
            AttemptOutcome.Gone or AttemptOutcome.Rejected => Deliveries.NextStep.Park,
            _ => Deliveries.NextStep.Retry,
        };
}

/// <summary>All that is kept of an endpoint's answer.</summary>
internal sealed record Answer(AttemptOutcome Outcome, int? Status = null, TimeSpan? RetryAfter = null);

/// <summary>
/// When an alert is tried again. Published in README.md and docs/decisions/0008-delivery-schedule.md; change
/// all three together.
/// </summary>
internal static class RetrySchedule
{
    /// <summary>
    /// Waits after the first, second, … failed attempt. The last one repeats without end: only the council ends a
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
