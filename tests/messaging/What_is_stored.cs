using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;
using Npgsql;
using NpgsqlTypes;
using Safeguarding.Hosting.Tests;
using Safeguarding.Messaging.Inbox;
using Safeguarding.Messaging.Outbox;
using Safeguarding.Messaging.Storage;
using Safeguarding.TestKit;

namespace Safeguarding.Messaging.Tests;

/// <summary>What the outbox, the inbox and the parked messages hold, on PostgreSQL alone.</summary>
public sealed class What_is_stored(HubServers servers) : IAsyncLifetime
{
    private static readonly DateTimeOffset Now = new(2026, 11, 29, 12, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider _clock = new(Now);
    private static int _rows;
    private ServiceProvider _services = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private OutboxStore Store => _services.GetRequiredService<OutboxStore>();

    public async ValueTask InitializeAsync()
    {
        var source = NpgsqlDataSource.Create(await servers.CreateDatabaseAsync());
        _services = new ServiceCollection()
            .AddLogging()
            .AddSingleton<TimeProvider>(_clock)
            .AddSingleton(source)
            .AddMessaging<SampleDb>("sample", _ => new(new Uri("amqp://nowhere"), TimeSpan.FromMinutes(1)))
            .AddDbContext<SampleDb>(
                (provider, options) =>
                    options.UseNpgsql(source).UseApplicationServiceProvider(provider).UseMessaging(provider)
            )
            .BuildServiceProvider();
        await DbAsync(async db =>
        {
            await db.Database.EnsureCreatedAsync(Cancelled);
            return await db.Database.ExecuteSqlRawAsync(ParkedOnce.Sql("sample"), Cancelled);
        });
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    [Fact]
    public async Task What_is_due_is_claimed_oldest_first_and_by_nobody_else_until_its_lease_ends()
    {
        var (first, second, third) = (Row(due: -3), Row(due: -2), Row(due: 0));
        await AddAsync(third, Row(due: 1), second, first);

        Assert.Equal([(first.Id, 1), (second.Id, 1)], await ClaimAsync(2));
        Assert.Equal([(third.Id, 1)], await ClaimAsync(2));
        Assert.Empty(await ClaimAsync(2));

        _clock.Advance(OutboxSchedule.Lease);
        Assert.Equal(
            [(first.Id, 2), (second.Id, 2), (third.Id, 2)],
            (await ClaimAsync(10)).Where(row => row.Attempts == 2)
        );
        Assert.All(await Store.ClaimAsync(10, Cancelled), _ => Assert.Fail("claimed before its lease ended"));
    }

    [Fact]
    public async Task A_claimed_batch_is_what_was_published()
    {
        await DbAsync(async db =>
        {
            db.Publish(new NoteWritten(1, "one"));
            db.Publish(new NoteWritten(2, "two"));
            return await db.SaveChangesAsync(Cancelled);
        });

        var claimed = Assert.Single(await Store.ClaimAsync(10, Cancelled));

        Assert.Equal(typeof(NoteWritten).FullName, claimed.EventType);
        Assert.Equal(
            [new NoteWritten(1, "one"), new(2, "two")],
            JsonSerializer
                .Deserialize<List<BatchedEvent<NoteWritten>>>(claimed.Body, HubJson.Options)!
                .ConvertAll(item => item.Event)
        );
    }

    [Theory]
    [InlineData(0, false, true, 1, 40)]
    [InlineData(4, false, true, 1, 40)]
    [InlineData(2, true, true, 2, 80)]
    [InlineData(3, true, true, 3, 160)]
    [InlineData(1, false, false, 1, 1)]
    [InlineData(3, false, false, 3, 4)]
    [InlineData(3, true, false, 2, 4)]
    public async Task A_sent_or_refused_batch_waits_as_its_own_attempts_say(
        int attempts,
        bool wasSent,
        bool taken,
        int left,
        int waits
    )
    {
        var row = Row(due: 0, attempts: attempts, sent: wasSent ? -60 : null);
        var other = Row(due: 7);
        await AddAsync(row, other);
        ClaimedBatch[] claimed = [new(row.Id, row.EventType, row.Body, Math.Max(1, attempts))];

        await (taken ? Store.MarkSentAsync(claimed, Cancelled) : Store.MarkFailedAsync(claimed, Cancelled));

        var marked = await ReadAsync(row.Id);
        Assert.Equal((left, Now.AddSeconds(waits)), (marked.Attempts, marked.NextAttemptAt));
        Assert.Equal(
            wasSent ? Now.AddSeconds(-60)
                : taken ? Now
                : null,
            marked.SentAt
        );
        Assert.Equal(other.NextAttemptAt, (await ReadAsync(other.Id)).NextAttemptAt);
    }

    [Fact]
    public async Task Waits_for_acknowledgements_begin_again_and_skewed_ones_are_over()
    {
        var (often, once, unsent, soon, skewed) = (
            Row(due: 1800, attempts: 6, sent: -9),
            Row(due: 1800, attempts: 1, sent: -9),
            Row(due: 15, attempts: 6),
            Row(due: 5, attempts: 6, sent: -9),
            Row(due: 3601)
        );
        await AddAsync(often, once, unsent, soon, skewed);

        await Store.RestartWaitsForReceiptsAsync(Cancelled);
        await Store.ResetSkewedSchedulesAsync(Cancelled);

        Assert.Equal((1, 40), await WaitOfAsync(often));
        Assert.Equal((1, 1800), await WaitOfAsync(once));
        Assert.Equal((6, 15), await WaitOfAsync(unsent));
        Assert.Equal((1, 5), await WaitOfAsync(soon));
        Assert.Equal((0, 0), await WaitOfAsync(skewed));
    }

    [Fact]
    public async Task A_row_goes_when_the_last_of_its_listeners_has_acknowledged_it()
    {
        var (own, both, others, unnamed) = (
            Row(awaiting: "a"),
            Row(awaiting: "a b"),
            Row(awaiting: "b c"),
            Row(awaiting: "a")
        );
        await AddAsync(own, both, others, unnamed);
        var acknowledgements = _services.GetRequiredService<AcknowledgementReceiver>();

        await acknowledgements.RunAsync(new("a", [own.Id, both.Id, others.Id]), Cancelled);
        await acknowledgements.RunAsync(new("a", [own.Id, both.Id, others.Id]), Cancelled);

        Assert.Equal(
            [(both.Id, "b"), (others.Id, "b c"), (unnamed.Id, "a")],
            (
                await DbAsync(db =>
                    db.Set<OutboxRow>()
                        .OrderBy(row => row.Id)
                        .Select(row => new { row.Id, row.Awaiting })
                        .ToListAsync(Cancelled)
                )
            ).ConvertAll(row => (row.Id, string.Join(' ', row.Awaiting)))
        );
    }

    [Fact]
    public async Task Ages_and_counts_say_what_waits_and_turn_the_health_check()
    {
        var health = new OutboxHealth(Store, _services.GetRequiredService<MessagingOptions>());
        Assert.Equal(new OutboxState(null, null, 0, 0, 0), await Store.StateAsync(Cancelled));
        var empty = await health.CheckHealthAsync(new(), Cancelled);
        Assert.Equal(
            (HealthStatus.Healthy, "The database answers and the outbox is young."),
            (empty.Status, empty.Description)
        );

        await AddAsync(Row(created: -90, sent: -80), Row(created: -60), Row(created: -30));
        await ParkAsync("one");
        await ParkAsync("two", replayed: true);

        Assert.Equal(
            new OutboxState(TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(90), 2, 3, 1),
            await Store.StateAsync(Cancelled)
        );
        var young = await health.CheckHealthAsync(new(), Cancelled);
        Assert.Equal(HealthStatus.Healthy, young.Status);
        Assert.Equal(
            [("oldestUnsentSeconds", 60.0), ("unreceived", 3L), ("unsent", 2L)],
            young.Data.OrderBy(item => item.Key, StringComparer.Ordinal).Select(item => (item.Key, item.Value))
        );
        _clock.Advance(TimeSpan.FromSeconds(1));
        var old = await health.CheckHealthAsync(new(), Cancelled);
        Assert.Equal(
            (HealthStatus.Degraded, "The oldest unsent outbox row is too old: the broker does not take messages."),
            (old.Status, old.Description)
        );

        await DbAsync(db => db.Database.ExecuteSqlRawAsync("ALTER TABLE sample.outbox RENAME TO gone", Cancelled));
        var away = await health.CheckHealthAsync(new(), Cancelled);
        Assert.Equal(
            (HealthStatus.Unhealthy, "The database does not answer (42P01)."),
            (away.Status, away.Description)
        );
        using var gone = new CancellationTokenSource();
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => health.CheckHealthAsync(new(), gone.Token));
    }

    [Fact]
    public async Task The_backlog_is_measured_every_quarter_of_a_minute_and_is_missing_without_a_database()
    {
        // As many as no other host in this process has: what is measured is the process's, of whichever measured last.
        const int Own = 41;
        await AddAsync([.. Enumerable.Range(0, Own).Select(_ => Row(due: 3601))]);
        using var measuring = new MeasureBacklog(Store, _clock);

        await measuring.StartAsync(Cancelled);
        await MeasuredAsync(backlog => backlog?.Unsent == Own);
        Assert.Equal((0, 0), await WaitOfAsync(await DbAsync(db => db.Set<OutboxRow>().FirstAsync(Cancelled))));

        await DbAsync(db => db.Database.ExecuteSqlRawAsync("ALTER TABLE sample.outbox RENAME TO gone", Cancelled));
        await MeasuredAsync(backlog => backlog is null);
        await DbAsync(db => db.Database.ExecuteSqlRawAsync("ALTER TABLE sample.gone RENAME TO outbox", Cancelled));
        await MeasuredAsync(backlog => backlog?.Unsent == Own);
        await measuring.StopAsync(Cancelled);
    }

    [Fact]
    public async Task A_received_event_has_one_effect_and_one_that_fails_is_parked_alone()
    {
        var again = Received(1);
        var bad = Received(2);
        RecordNoteConsumer.Faults[await DatabaseAsync()] = note =>
            note.Number == 2 ? new InvalidOperationException("outer", new FormatException("never shown")) : null;
        var receiver = ActivatorUtilities.CreateInstance<InboxReceiver<RecordNoteConsumer, NoteWritten>>(_services);
        var batch = Batch(again, bad, Received(3));
        var unreadable = new EventBatch(Guid.CreateVersion7(), receiver.EventType, "sample", new("{}"u8.ToArray()));

        await receiver.HandleAsync("notes", [batch, unreadable, Batch(again, Received(4))], Cancelled);
        await receiver.HandleAsync("notes", [Batch(again)], Cancelled);
        await receiver.HandleAsync("other-notes", [Batch(again)], Cancelled);

        Assert.Equal(
            [(1, 2), (3, 1), (4, 1)],
            (await DbAsync(db => db.Notes.OrderBy(note => note.Number).ToListAsync(Cancelled))).ConvertAll(note =>
                (note.Number, note.Times)
            )
        );
        var parked = await DbAsync(db => db.Set<ParkedMessage>().OrderBy(row => row.Reason).ToListAsync(Cancelled));
        Assert.Equal(["consumer-failed", "unreadable"], parked.Select(row => row.Reason));
        Assert.Equal([bad.Id, null], parked.Select(row => row.EventId));
        Assert.Equal([typeof(FormatException).FullName, null], parked.Select(row => row.ExceptionType));
        Assert.All(parked, row =>
            Assert.Equal(
                (receiver.EventType, "notes", Now, null),
                (row.EventType, row.Consumer, row.ParkedAt, row.ReplayedAt)
            )
        );
        var alone = JsonSerializer.Deserialize<EventBatch>(parked[0].Body, HubJson.Options)!;
        Assert.Equal((batch.PackId, batch.Type, "sample"), (alone.PackId, alone.Type, alone.Sender));
        Assert.Equal(
            [bad],
            JsonSerializer.Deserialize<List<BatchedEvent<NoteWritten>>>(alone.Events.Utf8.Span, HubJson.Options)!
        );

        RecordNoteConsumer.Faults.TryRemove(await DatabaseAsync(), out _);
        var replay = _services.GetRequiredService<ReplayParkedMessage>();
        Assert.Equal(ReplayOutcome.Replayed, await replay.RunAsync(parked[0].Id, _ => { }, Cancelled));
        Assert.Equal(ReplayOutcome.TakenBefore, await replay.RunAsync(parked[0].Id, _ => { }, Cancelled));
        Assert.Equal(4, await DbAsync(db => db.Notes.CountAsync(Cancelled)));
        // What cannot be read is parked again, and what has no consumer stays.
        Assert.Equal(ReplayOutcome.Replayed, await replay.RunAsync(parked[1].Id, _ => { }, Cancelled));
        Assert.Equal(3, await DbAsync(db => db.Set<ParkedMessage>().CountAsync(Cancelled)));
        string[] unknown = ["no JSON", """{"packId":"0197a5b0-0000-7000-8000-000000000000","type":"Of.Tomorrow"}"""];
        foreach (var body in unknown)
        {
            var id = await ParkAsync(body);
            Assert.Equal(ReplayOutcome.NotReplayable, await replay.RunAsync(id, _ => { }, Cancelled));
        }
    }

    [Fact]
    public async Task What_one_event_does_belongs_to_its_own_trace_and_a_failure_marks_the_span()
    {
        var spans = new List<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == MessagingMetrics.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = span =>
            {
                if (span.DisplayName == "traced NoteWritten")
                    spans.Add(span);
            },
        };
        ActivitySource.AddActivityListener(listener);
        const string trace = "4bf92f3577b34da6a3ce929d0e0e4736";
        var one = Received(1) with { Trace = $"00-{trace}-00f067aa0ba902b7-01" };
        var receiver = ActivatorUtilities.CreateInstance<InboxReceiver<RecordNoteConsumer, NoteWritten>>(_services);
        using var around = new Activity("around").Start();

        await receiver.HandleAsync("traced", [Batch(one)], Cancelled);
        RecordNoteConsumer.Faults[await DatabaseAsync()] = _ => new InvalidOperationException();
        await receiver.HandleAsync("traced", [Batch(one with { Id = Guid.CreateVersion7() })], Cancelled);
        RecordNoteConsumer.Faults.TryRemove(await DatabaseAsync(), out _);

        Assert.Same(around, Activity.Current);
        Assert.Equal(
            [ActivityStatusCode.Unset, ActivityStatusCode.Error, ActivityStatusCode.Error, ActivityStatusCode.Error],
            spans.Select(span => span.Status)
        );
        Assert.All(spans, span => Assert.Equal(trace, span.TraceId.ToString()));
        Assert.All(spans, span => Assert.Equal(ActivityKind.Consumer, span.Kind));
        Assert.Equal(one.Id, spans[0].GetTagItem("messaging.message.id"));
        Assert.Equal("rabbitmq", spans[0].GetTagItem("messaging.system"));
    }

    [Fact]
    public async Task The_relay_is_woken_by_commits_and_not_by_a_save_within_a_transaction()
    {
        var signal = _services.GetRequiredService<OutboxSignal>();
        // By the commits that made the tables.
        await WokenAsync(signal, true);

        await DbAsync(async db =>
        {
            db.Publish(new NoteWritten(1, "saved"));
            await db.SaveChangesAsync(Cancelled);
            await WokenAsync(signal, true);

            await using (var transaction = await db.Database.BeginTransactionAsync(Cancelled))
            {
                db.Publish(new NoteWritten(2, "saved"));
                await db.SaveChangesAsync(Cancelled);
                await WokenAsync(signal, false);
                await transaction.CommitAsync(Cancelled);
                await WokenAsync(signal, true);
            }

            await using (await db.Database.BeginTransactionAsync(Cancelled))
            {
                db.Publish(new NoteWritten(3, "saved"));
                await db.SaveChangesAsync(Cancelled);
                await db.CommitAsync();
                await WokenAsync(signal, true);
                await Assert.ThrowsAsync<InvalidOperationException>(db.CommitAsync);
            }

            Assert.Equal(3, await db.Set<OutboxRow>().CountAsync(Cancelled));
            // What was published goes with one save only.
            await db.SaveChangesAsync(Cancelled);
            Assert.Equal(3, await db.Set<OutboxRow>().CountAsync(Cancelled));
            return Assert.Throws<NotSupportedException>(() => db.SaveChanges());
        });
    }

    [Fact]
    public async Task Statements_of_one_round_trip_get_their_values_and_give_back_their_own_rows()
    {
        await using var connection = await _services
            .GetRequiredService<NpgsqlDataSource>()
            .OpenConnectionAsync(Cancelled);
        await using var batch = new NpgsqlBatch(connection);
        batch.Add("SELECT $1, $2", 7, Sql.Value(NpgsqlDbType.Integer, 8));
        batch.Add("SELECT $1", Sql.Value(NpgsqlDbType.Integer, null));
        batch.Add("SELECT n FROM unnest($1) AS n", Sql.Column(NpgsqlDbType.Integer, new List<int> { 3, 4 }));
        batch.Add("SELECT $1::int[]", Sql.Array(new List<int> { 5, 6 }));
        await using var reader = await batch.ExecuteReaderAsync(Cancelled);

        Assert.Equal([(7, 8)], await reader.ReadAsync(row => (row.GetInt32(0), row.GetInt32(1)), Cancelled));
        Assert.Equal([null], await reader.ReadAsync(row => row.Nullable<int>(0), Cancelled));
        Assert.Equal([3, 4], await reader.ReadAsync(row => row.Nullable<int>(0), Cancelled));
        var arrays = await reader.ReadAsync(row => row.GetFieldValue<List<int>>(0), Cancelled);
        Assert.Equal(new List<int> { 5, 6 }, Assert.Single(arrays));
    }

    [Fact]
    public async Task What_the_inbox_took_is_forgotten_after_fourteen_days_of_its_own_queues_alone()
    {
        var old = Guid.CreateVersion7(Now.AddDays(-14).AddSeconds(-1));
        var young = Guid.CreateVersion7(Now.AddDays(-14).AddSeconds(1));
        await DbAsync(async db =>
        {
            foreach (var consumer in new[] { "sample-record-note", "another" })
            {
                db.Add(new InboxRow { Consumer = consumer, EventId = old });
                db.Add(new InboxRow { Consumer = consumer, EventId = young });
            }

            // More than one delete takes at once.
            await db.Database.ExecuteSqlAsync(
                $"""
                INSERT INTO sample.inbox (consumer, event_id)
                SELECT 'sample-record-note', ('00000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid
                FROM generate_series(1, 10000) AS n
                """,
                Cancelled
            );
            return await db.SaveChangesAsync(Cancelled);
        });
        using var purge = ActivatorUtilities.CreateInstance<PurgeInbox>(_services);

        await purge.StartAsync(Cancelled);

        await Eventually.UntilAsync(
            () => DbAsync(db => db.Set<InboxRow>().OrderBy(row => row.Consumer).ToListAsync(Cancelled)),
            left => left.Count <= 3
        );
        Assert.Equal(
            [("another", old), ("another", young), ("sample-record-note", young)],
            (
                await DbAsync(db =>
                    db.Set<InboxRow>().OrderBy(row => row.Consumer).ThenBy(row => row.EventId).ToListAsync(Cancelled)
                )
            ).ConvertAll(row => (row.Consumer, row.EventId))
        );
        await purge.StopAsync(Cancelled);
    }

    [Theory]
    [InlineData("NhsNumber", "nhs_number")]
    [InlineData("PlanID", "plan_id")]
    [InlineData("FHIRVersion", "fhir_version")]
    [InlineData("PK_Plan", "pk_plan")]
    [InlineData("A", "a")]
    [InlineData("AB", "ab")]
    [InlineData("already_so", "already_so")]
    public void Columns_and_keys_have_names_that_need_no_quotes(string name, string column) =>
        Assert.Equal(column, SnakeCaseConvention.SnakeCase(name));

    [Fact]
    public async Task Every_table_column_key_and_index_is_named_so()
    {
        var names = await DbAsync(db =>
            db.Database.SqlQueryRaw<string>(
                    """
                    SELECT table_name || '.' || column_name AS "Value" FROM information_schema.columns
                        WHERE table_schema = 'sample' AND table_name IN ('outbox', 'inbox', 'parked_message', 'note')
                    UNION SELECT indexname FROM pg_indexes
                        WHERE schemaname = 'sample' AND tablename IN ('outbox', 'inbox', 'parked_message', 'note')
                    """
                )
                .ToListAsync(Cancelled)
        );

        Assert.All(names, name => Assert.Equal(name.ToLowerInvariant(), name));
        Assert.Superset(
            new HashSet<string>
            {
                "outbox.next_attempt_at",
                "outbox.event_type",
                "inbox.event_id",
                "parked_message.exception_type",
                "note.number",
                "ix_outbox_next_attempt_at",
                "ix_outbox_unsent",
                "ix_parked_message_waiting",
                "ix_parked_message_once",
                "pk_outbox",
                "pk_inbox",
            },
            names.ToHashSet()
        );
    }

    [Fact]
    public void A_consumers_queue_is_its_services_name_and_its_own()
    {
        var endpoint = Assert.Single(_services.GetRequiredService<ConsumerCatalogue>().Endpoints);

        Assert.Equal(
            ("sample-record-note", typeof(RecordNoteConsumer), typeof(NoteWritten)),
            (endpoint.Queue, endpoint.Consumer, endpoint.Events.Single())
        );
        Assert.Equal([typeof(NoteWritten).FullName!], endpoint.Handlers(_services).Keys);
    }

    private static OutboxRow Row(
        double due = 0,
        int attempts = 0,
        double? sent = null,
        double created = 0,
        string awaiting = "sample"
    ) =>
        new()
        {
            // In the order in which a test makes them.
            Id = Guid.CreateVersion7(Now.AddMilliseconds(Interlocked.Increment(ref _rows))),
            EventType = typeof(NoteWritten).FullName!,
            Body = "[]"u8.ToArray(),
            CreatedAt = Now.AddSeconds(created),
            Awaiting = awaiting.Split(' '),
            NextAttemptAt = Now.AddSeconds(due),
            Attempts = attempts,
            SentAt = sent is { } seconds ? Now.AddSeconds(seconds) : null,
        };

    private static BatchedEvent<NoteWritten> Received(int number) =>
        new(Guid.CreateVersion7(), Now, null, new NoteWritten(number, "text"));

    private static EventBatch Batch(params List<BatchedEvent<NoteWritten>> events) =>
        new(
            Guid.CreateVersion7(),
            typeof(NoteWritten).FullName!,
            "sample",
            new(JsonSerializer.SerializeToUtf8Bytes(events, HubJson.Options))
        );

    // Its own time, which the test does not move: a signal that was set ends the wait at once.
    private static async Task WokenAsync(OutboxSignal signal, bool expected)
    {
        var time = new FakeTimeProvider();
        var wait = signal.WaitAsync(TimeSpan.FromSeconds(1), time, Cancelled);
        Assert.Equal(expected, wait.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(1));
        await wait;
    }

    private async Task<List<(Guid Id, int Attempts)>> ClaimAsync(int atMost) =>
        (await Store.ClaimAsync(atMost, Cancelled)).ConvertAll(claimed => (claimed.Id, claimed.Attempts));

    private async Task<(int Attempts, double Waits)> WaitOfAsync(OutboxRow row)
    {
        var read = await ReadAsync(row.Id);
        return (read.Attempts, (read.NextAttemptAt - Now).TotalSeconds);
    }

    // The figure belongs to the process, and other tests' hosts measure their own.
    private Task<OutboxState?> MeasuredAsync(Func<OutboxState?, bool> until) =>
        Eventually.UntilAsync(
            () =>
            {
                _clock.Advance(MeasureBacklog.Pace);
                return Task.FromResult(MessagingMetrics.Backlog);
            },
            until
        );

    private Task<OutboxRow> ReadAsync(Guid id) =>
        DbAsync(db => db.Set<OutboxRow>().SingleAsync(row => row.Id == id, Cancelled));

    private Task<int> AddAsync(params OutboxRow[] rows) =>
        DbAsync(db =>
        {
            db.AddRange(rows);
            return db.SaveChangesAsync(Cancelled);
        });

    private async Task<Guid> ParkAsync(string body, bool replayed = false)
    {
        var id = Guid.CreateVersion7();
        await _services
            .GetRequiredService<Parking>()
            .ParkAsync(
                new ParkedMessage
                {
                    Id = id,
                    Consumer = "notes",
                    Body = Encoding.UTF8.GetBytes(body),
                    Reason = "unreadable",
                    ParkedAt = Now,
                },
                Cancelled
            );
        if (replayed)
        {
            await DbAsync(db =>
                db.Set<ParkedMessage>()
                    .Where(row => row.Id == id)
                    .ExecuteUpdateAsync(set => set.SetProperty(row => row.ReplayedAt, Now), Cancelled)
            );
        }

        return id;
    }

    private Task<string> DatabaseAsync() => DbAsync(db => Task.FromResult(db.Database.GetDbConnection().Database));

    private async Task<T> DbAsync<T>(Func<SampleDb, Task<T>> act)
    {
        await using var scope = _services.CreateAsyncScope();
        return await act(scope.ServiceProvider.GetRequiredService<SampleDb>());
    }
}
