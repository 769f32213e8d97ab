using Microsoft.Extensions.Time.Testing;
using Npgsql;
using Safeguarding.Hosting.Privacy;
using Safeguarding.Messaging.Inbox;
using Safeguarding.Messaging.Storage;
using Safeguarding.TestKit;

namespace Safeguarding.Messaging.Tests;

public sealed class Waiting_and_taking_turns(HubServers servers)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_signal_wakes_one_wait_and_one_that_came_before_is_kept_for_it()
    {
        var (clock, signal) = (new FakeTimeProvider(), new Signal());
        signal.Set();
        signal.Set();

        await signal.WaitAsync(TimeSpan.FromMinutes(1), clock, Cancelled);
        var second = signal.WaitAsync(TimeSpan.FromMinutes(1), clock, Cancelled);
        Assert.False(second.IsCompleted);
        clock.Advance(TimeSpan.FromMinutes(1));
        await second;

        using var stopping = new CancellationTokenSource();
        var third = signal.WaitAsync(TimeSpan.FromMinutes(1), clock, stopping.Token);
        await stopping.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => third);
    }

    [Fact]
    public async Task What_arrives_while_a_turn_is_taken_shares_the_next_up_to_its_size()
    {
        List<string> turns = [];
        var first = new TaskCompletionSource();
        var coalescer = new BatchCoalescer<string>(
            turns: 1,
            most: 5,
            item => item.Length,
            async (items, _) =>
            {
                turns.Add(string.Join(' ', items));
                if (turns.Count == 1)
                    await first.Task;
                if (items.Contains("bad!"))
                    throw new InvalidOperationException();
            }
        );

        List<Task> all = [coalescer.RunAsync("1", Cancelled)];
        foreach (var item in new[] { "22", "333", "4", "bad!", "55555" })
            all.Add(coalescer.RunAsync(item, Cancelled));
        first.SetResult();
        await Task.WhenAll(all.Where((_, i) => i is not (3 or 4)));

        Assert.Equal(["1", "22 333", "4 bad!", "55555"], turns);
        // What shared a turn shares its failure.
        await Assert.ThrowsAsync<InvalidOperationException>(() => all[3]);
        await Assert.ThrowsAsync<InvalidOperationException>(() => all[4]);
    }

    [Fact]
    public async Task Where_all_at_once_fails_each_is_taken_alone_three_times_before_it_is_parked()
    {
        List<string> taken = [];
        List<int> parked = [];

        await BatchThenIndividually.RunAsync(
            [1, 2, 3],
            some =>
            {
                taken.Add(string.Join(' ', some));
                return some.Contains(2) ? Task.FromException(new InvalidOperationException()) : Task.CompletedTask;
            },
            (one, _) =>
            {
                parked.Add(one);
                return Task.CompletedTask;
            },
            _ => Assert.Fail("nothing was unavailable"),
            TimeProvider.System,
            Cancelled
        );

        Assert.Equal(["1 2 3", "1", "2", "2", "2", "3"], taken);
        Assert.Equal([2], parked);
    }

    [Fact]
    public async Task What_is_unavailable_is_waited_for_longer_each_time_up_to_ten_seconds()
    {
        var clock = new Hurrying();
        var failures = 8;

        await RetryWhileUnavailable.RunAsync(
            () => failures-- > 0 ? Task.FromException(new TimeoutException()) : Task.CompletedTask,
            _ => { },
            clock,
            Cancelled
        );

        Assert.Equal([0.25, 0.5, 1, 2, 4, 8, 10, 10], clock.Waits.Select(wait => wait.TotalSeconds));
    }

    public static TheoryData<Exception, bool, bool> Faults { get; } =
        new()
        {
            { new TimeoutException(), true, true },
            { new InvalidOperationException("wrapped", new NpgsqlException()), true, true },
            { new System.Net.Sockets.SocketException(), true, true },
            { new KeyRingUnavailableException(new IOException()), true, true },
            { new CommitUncertainException(), true, true },
            { Postgres("08006"), true, true },
            { Postgres("28P01"), true, true },
            { Postgres("3D000"), true, true },
            { Postgres("25006"), true, true },
            { Postgres("53300"), true, true },
            { Postgres("57P01"), true, true },
            { Postgres("58030"), true, true },
            { Postgres("40001"), true, true },
            { Postgres("57014"), false, true },
            { Postgres("23505"), false, true },
            { Postgres("42703"), false, true },
            { new InvalidOperationException(), false, false },
            { new IOException(), false, false },
        };

    [Theory]
    [MemberData(nameof(Faults))]
    public void A_failure_of_the_database_or_key_ring_is_distinguished_from_one_of_the_work(
        Exception fault,
        bool unavailable,
        bool database
    ) =>
        Assert.Equal(
            (unavailable, database),
            (TransientFaults.IsUnavailable(fault), TransientFaults.IsDatabaseError(fault))
        );

    [Theory]
    [InlineData("WARNING", true)]
    [InlineData("NOTICE", false)]
    public async Task A_commit_that_the_server_warns_of_is_uncertain(string level, bool uncertain)
    {
        await using var source = NpgsqlDataSource.Create(await servers.CreateDatabaseAsync());
        // As of a standby that does not answer; and another notice after it.
        await using var prepare = source.CreateCommand(
            $$"""
            CREATE TABLE written (id int);
            CREATE FUNCTION say() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN RAISE {{level}} 'said'; RAISE NOTICE 'and more'; RETURN NULL; END $$;
            CREATE CONSTRAINT TRIGGER at_commit AFTER INSERT ON written DEFERRABLE INITIALLY DEFERRED
                FOR EACH ROW EXECUTE FUNCTION say();
            """
        );
        await prepare.ExecuteNonQueryAsync(Cancelled);
        await using var connection = await source.OpenConnectionAsync(Cancelled);
        await using var transaction = await connection.BeginTransactionAsync(Cancelled);
        await using var write = new NpgsqlCommand("INSERT INTO written VALUES (1)", connection);
        await write.ExecuteNonQueryAsync(Cancelled);

        var failure = await Record.ExceptionAsync(() => VerifiedCommit.CommitAsync(connection, timeout: null));

        Assert.Equal(uncertain ? typeof(CommitUncertainException) : null, failure?.GetType());
        await using var count = source.CreateCommand("SELECT count(*) FROM written");
        Assert.Equal(1L, await count.ExecuteScalarAsync(Cancelled));
        // Nor is the next commit of this connection taken for uncertain.
        await using var begin = new NpgsqlCommand("BEGIN", connection);
        await begin.ExecuteNonQueryAsync(Cancelled);
        await VerifiedCommit.CommitAsync(connection, timeout: null);
    }

    private static PostgresException Postgres(string state) => new("", "ERROR", "ERROR", state);

    private sealed class Signal : WakeUpSignal;

    /// <summary>A clock on which every wait is over at once, and known.</summary>
    private sealed class Hurrying : TimeProvider
    {
        public List<TimeSpan> Waits { get; } = [];

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Waits.Add(dueTime);
            return base.CreateTimer(callback, state, TimeSpan.Zero, period);
        }
    }
}
