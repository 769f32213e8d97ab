using Polly;
using Polly.CircuitBreaker;

namespace Safeguarding.Notification.Deliveries;

/// <summary>
/// One endpoint's way out of this process: so many calls at once and no more, none while its circuit is open or it asked for time,
/// and one to see whether it is back. What happens in one lane is never felt in another.
/// </summary>
internal sealed class EndpointLane
{
    public const int Width = 8;

    /// <summary>So many failures in a row, within the sampling time, and the endpoint counts as away.</summary>
    private const int FailuresThatOpen = 5;
    private static readonly TimeSpan Sampling = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan FirstBreak = TimeSpan.FromSeconds(5);

    // An endpoint that refuses one delivery and takes the others is back with each of them: it is not to be asked for that one each time.
    private static readonly TimeSpan BackAtMostEvery = TimeSpan.FromSeconds(30);

    private readonly CircuitBreakerStateProvider _circuit = new();
    private readonly ResiliencePipeline<Answer> _pipeline;
    private readonly TimeProvider _clock;
    private DateTimeOffset _closedUntil;
    private DateTimeOffset _sendsWaitingAt;
    private bool _answers;
    private int _underWay;

    public EndpointLane(TimeProvider clock)
    {
        _clock = clock;
        _pipeline = new ResiliencePipelineBuilder<Answer> { TimeProvider = new SteadyClock(clock) }
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions<Answer>
            {
                StateProvider = _circuit,
                FailureRatio = 1,
                MinimumThroughput = FailuresThatOpen,
                SamplingDuration = Sampling,
                BreakDurationGenerator = arguments => ValueTask.FromResult(BreakAfter(arguments.HalfOpenAttempts)),
                ShouldHandle = arguments => ValueTask.FromResult(arguments.Outcome.Result?.Outcome.NextStep() is NextStep.Retry),
                OnOpened = arguments =>
                {
                    StayAwayUntil(_clock.GetUtcNow() + arguments.BreakDuration);
                    return ValueTask.CompletedTask;
                },
            })
            .Build();
    }

    /// <summary>The last claim filled the lane, so more may be due than it took.</summary>
    public bool WasFull { get; set; }

    public int Room(DateTimeOffset now)
    {
        // Further away than it ever is: the clock was set back.
        if (now < _closedUntil && _closedUntil - now < RetrySchedule.Never) return 0;
        var width = _circuit.CircuitState is CircuitState.Closed ? Width : 1;
        return Math.Max(0, width - Volatile.Read(ref _underWay));
    }

    public void StayAwayUntil(DateTimeOffset time)
    {
        if (time > _closedUntil) _closedUntil = time;
    }

    /// <summary>Takes note of how an attempt ended.</summary>
    /// <returns>
    /// Where the endpoint is back, when what waits for it goes out; also the first time that it answers, for an earlier process may have left
    /// something. Null where nothing has changed.
    /// </returns>
    public DateTimeOffset? AttemptEnded(AttemptOutcome outcome, DateTimeOffset now)
    {
        var wasAnswering = _answers;
        _answers = outcome is AttemptOutcome.Delivered;
        if (!_answers || wasAnswering) return null;
        if (_sendsWaitingAt <= now) _sendsWaitingAt = _sendsWaitingAt < now - BackAtMostEvery ? now : _sendsWaitingAt + BackAtMostEvery;
        // Further away than it ever is: the clock was set back.
        if (_sendsWaitingAt - now > BackAtMostEvery) _sendsWaitingAt = now;
        return _sendsWaitingAt;
    }

    public void Enter() => Interlocked.Increment(ref _underWay);

    public void Leave() => Interlocked.Decrement(ref _underWay);

    /// <exception cref="BrokenCircuitException">The endpoint counts as away: nothing was sent.</exception>
    public ValueTask<Answer> SendAsync(Func<CancellationToken, ValueTask<Answer>> send, CancellationToken cancellationToken) =>
        _pipeline.ExecuteAsync(send, cancellationToken);

    /// <summary>5 s, doubling, never longer than the schedule's last wait.</summary>
    private static TimeSpan BreakAfter(int probes)
    {
        var wait = FirstBreak * Math.Pow(2, Math.Min(probes, 10));
        return wait < RetrySchedule.Waits[^1] ? wait : RetrySchedule.Waits[^1];
    }
}

/// <summary>Time since it was made, whatever the machine's clock is set to meanwhile: a circuit that opened by a clock set back later must not stay open until then.</summary>
internal sealed class SteadyClock(TimeProvider clock) : TimeProvider
{
    private readonly DateTimeOffset _began = clock.GetUtcNow();
    private readonly long _since = clock.GetTimestamp();

    public override long TimestampFrequency => clock.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => _began + clock.GetElapsedTime(_since);

    public override long GetTimestamp() => clock.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => clock.CreateTimer(callback, state, dueTime, period);
}
