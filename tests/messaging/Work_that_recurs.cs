using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Safeguarding.Hosting.Privacy;
using Safeguarding.Messaging.Storage;
using Safeguarding.TestKit;

namespace Safeguarding.Messaging.Tests;

public sealed class Work_that_recurs
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_is_deferred_without_the_key_ring_and_ends_the_service_at_any_other_failure()
    {
        var clock = new FakeTimeProvider();
        using var work = new Hourly(
            clock,
            new KeyRingUnavailableException(new IOException()),
            new InvalidOperationException()
        );
        await work.StartAsync(Cancelled);
        await Eventually.UntilAsync(() => Task.FromResult(work.Runs), runs => runs == 1);

        await Eventually.UntilAsync(
            () =>
            {
                clock.Advance(TimeSpan.FromSeconds(10));
                return Task.FromResult(work.Runs);
            },
            runs => runs == 2
        );

        await Assert.ThrowsAsync<InvalidOperationException>(() =>
            work.ExecuteTask!.WaitAsync(TimeSpan.FromMinutes(2), Cancelled)
        );
    }

    [Fact]
    public async Task It_is_done_once_more_where_its_hour_comes_while_it_is_under_way()
    {
        var clock = new FakeTimeProvider();
        using var work = new Slow(clock);
        await work.StartAsync(Cancelled);
        await Eventually.UntilAsync(() => Task.FromResult(work.Runs), runs => runs == 1);
        for (var hour = 0; hour < 3; hour++)
            clock.Advance(TimeSpan.FromHours(1));

        work.Ready.SetResult();

        await Eventually.UntilAsync(() => Task.FromResult(work.Runs), runs => runs == 2);
        await work.StopAsync(Cancelled);
        Assert.True(work.ExecuteTask!.IsCompletedSuccessfully);
    }

    [Theory]
    [InlineData(3600, 10)]
    [InlineData(2, 2)]
    public async Task Work_that_is_deferred_waits_ten_seconds_or_its_own_pace(int pace, int waits)
    {
        var clock = new Remembering();
        using var work = new Deferred(TimeSpan.FromSeconds(pace), clock);

        await work.StartAsync(Cancelled);

        await Eventually.UntilAsync(() => Task.FromResult(clock.Waits.ToArray()), all => all.Contains(waits));
        Assert.DoesNotContain(clock.Waits, wait => wait != waits && wait != pace);
        await work.StopAsync(Cancelled);
    }

    private sealed class Deferred(TimeSpan pace, TimeProvider clock) : RecurringWork(pace, clock, NullLogger.Instance)
    {
        protected override Task RunOnceAsync(CancellationToken cancellationToken) =>
            Task.FromException(new TimeoutException());
    }

    /// <summary>A clock that stands still, and knows how long was waited for.</summary>
    private sealed class Remembering : TimeProvider
    {
        public System.Collections.Concurrent.ConcurrentQueue<int> Waits { get; } = new();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Waits.Enqueue((int)dueTime.TotalSeconds);
            return base.CreateTimer(callback, state, Timeout.InfiniteTimeSpan, period);
        }
    }

    private sealed class Slow(TimeProvider clock) : RecurringWork(TimeSpan.FromHours(1), clock, NullLogger.Instance)
    {
        public TaskCompletionSource Ready { get; } = new();

        public int Runs { get; private set; }

        protected override Task RunOnceAsync(CancellationToken cancellationToken)
        {
            Runs++;
            return Ready.Task;
        }
    }

    private sealed class Hourly(TimeProvider clock, params Exception[] failures)
        : RecurringWork(TimeSpan.FromHours(1), clock, NullLogger.Instance)
    {
        public int Runs { get; private set; }

        protected override Task RunOnceAsync(CancellationToken cancellationToken) =>
            Runs < failures.Length ? Task.FromException(failures[Runs++]) : Task.CompletedTask;
    }
}
