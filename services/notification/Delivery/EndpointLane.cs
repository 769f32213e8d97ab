using System.Collections.Concurrent;
using Polly;
using Polly.CircuitBreaker;
using Safeguarding.Notification.Domain.Deliveries;

namespace Safeguarding.Notification.Delivery;

/// <summary>
/// One endpoint's way out of this process: so many calls at once and no more. What an address asked for (time, by
/// <c>Retry-After</c>) or brought about (an open circuit) lies in its <see cref="EndpointHold"/>, and ends with it.
/// What happens in one lane is never felt in another.
/// </summary>
internal sealed class EndpointLane(TimeProvider clock)
{
    public const int Width = 8;

    private EndpointHold _hold = new(clock, epoch: 0);
    private int _underWay;

    /// <summary>The last claim filled the lane, so more may be due than it took.</summary>
    public bool WasFull { get; set; }

    /// <summary>
    /// What holds back the endpoint as it was since its epoch began; made afresh for an epoch that is new
    /// here.
    /// </summary>
    public EndpointHold Hold(long epoch)
    {
        var hold = _hold;
        if (epoch <= hold.Epoch)
            return hold;
        return _hold = new EndpointHold(clock, epoch);
    }

    public LaneRoom Room(Guid subscriptionId, DateTimeOffset now)
    {
        var (hold, underWay) = (_hold, Volatile.Read(ref _underWay));
        return new LaneRoom(
            subscriptionId,
            hold.Epoch,
            Math.Max(0, hold.Width(now) - underWay),
            Math.Max(0, Width - underWay)
        );
    }

    public void Enter() => Interlocked.Increment(ref _underWay);

    public void Leave() => Interlocked.Decrement(ref _underWay);
}

/// <summary>How much more an endpoint's lane takes now.</summary>
/// <param name="SubscriptionId">Whose endpoint.</param>
/// <param name="Epoch">The newest epoch of the endpoint that this process has seen.</param>
/// <param name="Room">While the endpoint is in that epoch.</param>
/// <param name="RoomIfReset">Where it has been fixed since.</param>
internal sealed record LaneRoom(Guid SubscriptionId, long Epoch, int Room, int RoomIfReset);

/// <summary>
/// What holds one address back in this process: none while its circuit is open or it asked for time, and one to see
/// whether it is back. An endpoint that is fixed has a new epoch, and nothing of this is true of it any more.
/// </summary>
internal sealed class EndpointHold
{
    /// <summary>So many failures in a row, within the sampling time, and the endpoint counts as unavailable.</summary>
    private const int FailuresThatOpen = 5;
    private static readonly TimeSpan Sampling = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan FirstBreak = TimeSpan.FromSeconds(5);

    private readonly CircuitBreakerStateProvider _circuit = new();
    private readonly ResiliencePipeline<Answer> _pipeline;
    private readonly TimeProvider _clock;
    private DateTimeOffset _closedUntil;
    private DateTimeOffset _failedAt;

    public EndpointHold(TimeProvider clock, long epoch)
    {
        (_clock, Epoch) = (clock, epoch);
        _pipeline = new ResiliencePipelineBuilder<Answer> { TimeProvider = new SteadyClock(clock) }
            .AddCircuitBreaker(
                new CircuitBreakerStrategyOptions<Answer>
                {
                    StateProvider = _circuit,
                    FailureRatio = 1,
                    MinimumThroughput = FailuresThatOpen,
                    SamplingDuration = Sampling,
                    BreakDurationGenerator = arguments => ValueTask.FromResult(BreakAfter(arguments.HalfOpenAttempts)),
                    ShouldHandle = arguments =>
                        ValueTask.FromResult(arguments.Outcome.Result?.Outcome.NextStep() is NextStep.Retry),
                    OnOpened = arguments =>
                    {
                        CloseUntil(_clock.GetUtcNow() + arguments.BreakDuration);
                        return ValueTask.CompletedTask;
                    },
                }
            )
            .Build();
    }

    /// <summary>
    /// Grows each time that the endpoint is fixed: another address, an act of its council, or an answer after
    /// failures.
    /// </summary>
    public long Epoch { get; }

    public int Width(DateTimeOffset now)
    {
        // Longer than any hold is: the clock was set back.
        if (now < _closedUntil && _closedUntil - now < RetrySchedule.Never)
            return 0;
        return _circuit.CircuitState is CircuitState.Closed ? EndpointLane.Width : 1;
    }

    /// <summary>Takes note of how an attempt ended.</summary>
    /// <returns>False where it says nothing of the endpoint: it succeeded, but began before another failed.</returns>
    public bool AttemptEnded(Answer answer, DateTimeOffset began, DateTimeOffset now)
    {
        if (answer.RetryAfter is not null)
            CloseUntil(now + RetrySchedule.Capped(answer.RetryAfter));
        if (answer.Outcome is AttemptOutcome.Delivered)
            return began >= _failedAt || _failedAt - now > RetrySchedule.Never;
        _failedAt = now;
        return true;
    }

    /// <exception cref="BrokenCircuitException">The endpoint counts as unavailable: nothing was sent.</exception>
    public ValueTask<Answer> SendAsync(
        Func<CancellationToken, ValueTask<Answer>> send,
        CancellationToken cancellationToken
    ) => _pipeline.ExecuteAsync(send, cancellationToken);

    private void CloseUntil(DateTimeOffset time)
    {
        if (time > _closedUntil)
            _closedUntil = time;
    }

    /// <summary>5 s, doubling, never longer than the schedule's last wait.</summary>
    private static TimeSpan BreakAfter(int probes)
    {
        var wait = FirstBreak * Math.Pow(2, Math.Min(probes, 10));
        return wait < RetrySchedule.Waits[^1] ? wait : RetrySchedule.Waits[^1];
    }
}

/// <summary>
/// Time since it was made, whatever the machine's clock is set to meanwhile: a circuit that opened by a clock
/// set back later must not stay open until then.
/// </summary>
internal sealed class SteadyClock(TimeProvider clock) : TimeProvider
{
    private readonly DateTimeOffset _began = clock.GetUtcNow();
    private readonly long _since = clock.GetTimestamp();

    public override long TimestampFrequency => clock.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => _began + clock.GetElapsedTime(_since);

    public override long GetTimestamp() => clock.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        clock.CreateTimer(callback, state, dueTime, period);
}

/// <summary>The lanes of this process, one for each endpoint that it has called.</summary>
internal sealed class DispatchLanes(TimeProvider clock)
{
    private readonly ConcurrentDictionary<Guid, EndpointLane> _lanes = [];

    public EndpointLane Get(Guid subscriptionId) =>
        _lanes.GetOrAdd(subscriptionId, static (_, clock) => new EndpointLane(clock), clock);

    /// <summary>The lanes that cannot take a full width; every other one can.</summary>
    public List<LaneRoom> Busy(DateTimeOffset now) =>
        [.. _lanes.Select(lane => lane.Value.Room(lane.Key, now)).Where(lane => lane.Room < EndpointLane.Width)];
}
