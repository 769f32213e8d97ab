using Microsoft.EntityFrameworkCore;
using Npgsql;
using Safeguarding.Hosting.Tests;
using Safeguarding.Messaging.Storage;
using Safeguarding.TestKit;

namespace Safeguarding.Messaging.Tests;

public sealed class Outbox_and_inbox(HubServers servers)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_published_event_is_consumed_and_its_outbox_row_goes_when_the_receipt_comes()
    {
        await using var service = await SampleService.StartAsync(servers);

        await service.Publish(new NoteWritten(1, "one"), new NoteWritten(2, "two"));

        await Eventually.UntilAsync(() => service.Db(db => db.Notes.CountAsync(Cancelled)), count => count == 2);
        await Eventually.UntilAsync(
            () => service.Db(db => db.Set<OutboxRow>().CountAsync(Cancelled)),
            count => count == 0
        );
    }

    [Fact]
    public async Task Nothing_is_sent_when_the_transaction_rolls_back()
    {
        await using var service = await SampleService.StartAsync(servers);

        await service.Db(async db =>
        {
            await using var transaction = await db.Database.BeginTransactionAsync(Cancelled);
            db.Publish(new NoteWritten(1, "never"));
            await db.SaveChangesAsync(Cancelled);
            await transaction.RollbackAsync(Cancelled);
            return true;
        });
        await service.Publish(new NoteWritten(2, "after"));

        await Eventually.UntilAsync(() => service.Db(db => db.Notes.CountAsync(Cancelled)), count => count == 1);
        Assert.Equal(2, await service.Db(db => db.Notes.Select(note => note.Number).SingleAsync(Cancelled)));
    }

    [Fact]
    public async Task The_same_event_delivered_five_times_has_one_effect()
    {
        await using var service = await SampleService.StartAsync(servers);
        var again = (Guid.CreateVersion7(), new NoteWritten(7, "again"));

        for (var i = 0; i < 5; i++)
            await service.Surroundings.Bus.PublishAsync<NoteWritten>([again]);
        await service.Publish(new NoteWritten(8, "last"));

        await Eventually.UntilAsync(() => service.Db(db => db.Notes.CountAsync(Cancelled)), count => count == 2);
        Assert.Equal(
            1,
            await service.Db(db =>
                db.Notes.Where(note => note.Number == 7).Select(note => note.Times).SingleAsync(Cancelled)
            )
        );
    }

    [Fact]
    public async Task An_event_that_fails_alone_is_parked_and_a_replay_brings_it_through()
    {
        await using var service = await SampleService.StartAsync(servers);
        RecordNoteConsumer.Faults[service.DatabaseName] = note =>
            note.Number == 3 ? new InvalidOperationException("secret text") : null;

        await service.Publish([.. Enumerable.Range(1, 5).Select(n => new NoteWritten(n, "n"))]);
        await Eventually.UntilAsync(() => service.Db(db => db.Notes.CountAsync(Cancelled)), count => count == 4);
        var parked = await Eventually.UntilAsync(
            () => service.Db(db => db.Set<ParkedMessage>().SingleOrDefaultAsync(Cancelled)),
            message => message is not null
        );

        Assert.Equal("consumer-failed", parked!.Reason);
        Assert.Equal(typeof(InvalidOperationException).FullName, parked.ExceptionType);
        RecordNoteConsumer.Faults.TryRemove(service.DatabaseName, out _);
        var operations = service.Client("ops");
        var listed = await operations.GetStringAsync("/ops/parked", Cancelled);
        Assert.Contains(parked.Id.ToString(), listed, StringComparison.Ordinal);
        Assert.DoesNotContain("secret text", listed, StringComparison.Ordinal);
        var replayed = await operations.PostAsync(
            $"/ops/parked/{parked.Id}/replay",
            JsonBody("""{"reason":"mended"}"""),
            Cancelled
        );
        Assert.Equal(System.Net.HttpStatusCode.NoContent, replayed.StatusCode);
        Assert.Equal(5, await service.Db(db => db.Notes.CountAsync(Cancelled)));
    }

    [Fact]
    public async Task Many_parked_messages_are_replayed_at_once_when_their_number_is_known_and_never_twice()
    {
        await using var service = await SampleService.StartAsync(servers);
        RecordNoteConsumer.Faults[service.DatabaseName] = note =>
            note.Number <= 3 ? new InvalidOperationException() : null;
        await service.Publish([.. Enumerable.Range(1, 5).Select(n => new NoteWritten(n, "n"))]);
        await Eventually.UntilAsync(
            () => service.Db(db => db.Set<ParkedMessage>().CountAsync(Cancelled)),
            count => count == 3
        );
        RecordNoteConsumer.Faults.TryRemove(service.DatabaseName, out _);
        var operations = service.Client("ops");
        async Task<(int Status, string Body)> Ask(string more)
        {
            var answer = await operations.PostAsync(
                "/ops/parked/replay",
                JsonBody(
                    $$"""{"from":"2020-01-01T00:00:00Z","until":"2100-01-01T00:00:00Z","parkedFor":"consumer-failed",{{more}}}"""
                ),
                Cancelled
            );
            return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(Cancelled));
        }

        Assert.Contains("\"messages\":3", (await Ask("\"dryRun\":true")).Body, StringComparison.Ordinal);
        Assert.Contains("expect-missing", (await Ask("\"reason\":\"mended\"")).Body, StringComparison.Ordinal);
        Assert.Contains("reason-missing", (await Ask("\"expect\":3")).Body, StringComparison.Ordinal);
        Assert.Equal(409, (await Ask("\"expect\":2,\"reason\":\"mended\"")).Status);
        Assert.Equal(2, await service.Db(db => db.Notes.CountAsync(Cancelled)));

        var twice = await Task.WhenAll(
            Ask("\"expect\":3,\"perMinute\":6000,\"reason\":\"mended\""),
            Ask("\"expect\":3,\"perMinute\":6000,\"reason\":\"mended\"")
        );

        Assert.Contains(twice, answer => answer.Status == 200);
        Assert.Equal(5, await service.Db(db => db.Notes.CountAsync(Cancelled)));
        Assert.All(await service.Db(db => db.Notes.Select(note => note.Times).ToListAsync(Cancelled)), times =>
            Assert.Equal(1, times)
        );
        Assert.Equal(
            3,
            await service.Db(db =>
                db.Set<Safeguarding.Hosting.Audit.AuditRecord>()
                    .CountAsync(
                        record => record.Act == "parked.replay" && EF.Functions.Like(record.Reason!, "sealed:%"),
                        Cancelled
                    )
            )
        );
    }

    [Fact]
    public async Task What_cannot_be_read_is_parked_and_stops_nobody()
    {
        await using var service = await SampleService.StartAsync(servers);

        await service.Surroundings.Bus.PublishRawAsync<NoteWritten>("not json"u8.ToArray());
        await service.Surroundings.Bus.PublishRawAsync<NoteWritten>(
            """{"packId":"0197a5b0-0000-7000-8000-000000000000","type":"Of.Tomorrow","sender":"sample","events":[]}"""u8.ToArray()
        );
        await service.Publish(new NoteWritten(1, "good"));

        await Eventually.UntilAsync(() => service.Db(db => db.Notes.CountAsync(Cancelled)), count => count == 1);
        await Eventually.UntilAsync(
            () => service.Db(db => db.Set<ParkedMessage>().CountAsync(Cancelled)),
            count => count >= 2
        );
        Assert.Equal(2, await service.Db(db => db.Set<ParkedMessage>().CountAsync(Cancelled)));
    }

    [Fact]
    public async Task What_waits_for_an_operator_already_is_not_parked_a_second_time_until_it_was_replayed()
    {
        await using var service = await SampleService.StartAsync(servers);
        ParkedMessage Same() =>
            new()
            {
                Id = Guid.CreateVersion7(),
                Consumer = "sample-record-note",
                Body = "the same bytes"u8.ToArray(),
                Reason = "unreadable",
                ParkedAt = TimeProvider.System.GetUtcNow(),
            };
        var first = Same();

        await service.ParkAsync(first);
        await service.ParkAsync(Same());

        Assert.Equal(
            first.Id,
            await service.Db(db => db.Set<ParkedMessage>().Select(message => message.Id).SingleAsync(Cancelled))
        );
        await service.Db(db =>
            db.Set<ParkedMessage>()
                .ExecuteUpdateAsync(
                    parked => parked.SetProperty(message => message.ReplayedAt, TimeProvider.System.GetUtcNow()),
                    Cancelled
                )
        );
        await service.ParkAsync(Same());
        Assert.Equal(2, await service.Db(db => db.Set<ParkedMessage>().CountAsync(Cancelled)));
    }

    [Fact]
    public async Task A_receipt_whose_connection_to_the_database_breaks_is_taken_and_not_parked()
    {
        await using var service = await SampleService.StartAsync(servers);
        await service.Surroundings.VirtualHost.UnbindAsync(
            "Safeguarding.Hosting.Tests.NoteWritten",
            "sample-record-note"
        );
        await service.Publish(new NoteWritten(1, "told of"));
        var pack = await service.Db(db => db.Set<OutboxRow>().Select(row => row.Id).SingleAsync(Cancelled));
        await using var admin = NpgsqlDataSource.Create(service.Surroundings.Database);
        await using (var connection = await admin.OpenConnectionAsync(Cancelled))
        await using (var transaction = await connection.BeginTransactionAsync(Cancelled))
        {
            await using var hold = new NpgsqlCommand("LOCK TABLE sample.outbox", connection);
            await hold.ExecuteNonQueryAsync(Cancelled);
            await service.Surroundings.VirtualHost.PublishAsync(
                "sample-receipts",
                $$"""{"listener":"sample","packIds":["{{pack}}"]}"""
            );
            await using var cut = admin.CreateCommand(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database() "
                    + "AND query LIKE 'WITH done AS%' AND state = 'active'"
            );
            await Eventually.UntilAsync(async () => (long)(await cut.ExecuteScalarAsync(Cancelled))! > 0);
            await transaction.RollbackAsync(Cancelled);
        }

        await Eventually.UntilAsync(
            () => service.Db(db => db.Set<OutboxRow>().CountAsync(Cancelled)),
            count => count == 0
        );
        Assert.Equal(0, await service.Db(db => db.Set<ParkedMessage>().CountAsync(Cancelled)));
    }

    [Fact]
    public async Task An_outbox_row_is_deleted_only_when_each_of_its_listeners_has_acknowledged_it()
    {
        await using var service = await SampleService.StartAsync(servers);
        string[][] awaiting =
        [
            ["matching"],
            ["notification"],
            ["matching", "notification"],
            ["notification", "matching", "registry"],
        ];
        var rows = awaiting.Select(OutboxRowOf).ToList();
        await service.Db(async db =>
        {
            db.AddRange(rows);
            return await db.SaveChangesAsync(Cancelled);
        });

        await AcknowledgeAsync("matching");
        await AwaitedIsAsync("-, notification, notification, notification registry");

        await AcknowledgeAsync("matching");
        await AcknowledgeAsync("notification");
        await AwaitedIsAsync("-, -, -, registry");

        await AcknowledgeAsync("registry");
        await AwaitedIsAsync("-, -, -, -");

        Task AcknowledgeAsync(string listener) =>
            service.Surroundings.VirtualHost.PublishAsync(
                "sample-receipts",
                $$"""{"listener":"{{listener}}","packIds":[{{string.Join(',', rows.Select(row => $"\"{row.Id}\""))}}]}"""
            );

        // A row is never awaited by more again, so one that goes too early stays wrong.
        Task AwaitedIsAsync(string expected) => Eventually.UntilAsync(AwaitedAsync, awaited => awaited == expected);

        Task<string> AwaitedAsync() =>
            service.Db(async db =>
            {
                var left = await db.Set<OutboxRow>()
                    .AsNoTracking()
                    .ToDictionaryAsync(row => row.Id, row => string.Join(' ', row.Awaiting), Cancelled);
                return string.Join(", ", rows.Select(row => left.GetValueOrDefault(row.Id, "-")));
            });
    }

    [Fact]
    public async Task A_service_that_starts_without_a_broker_is_ready_and_stores_what_it_publishes()
    {
        var surroundings = await Surroundings.CreateAsync(servers);
        var real = surroundings.VirtualHost.Uri;
        await using var broker = TcpProxy.Start(real.Host, real.Port);
        broker.Stop();
        var through = new UriBuilder(real) { Host = "127.0.0.1", Port = broker.Port }
            .Uri
            .AbsoluteUri;
        await using var service = await SampleService.StartAsync(servers, surroundings, ("RabbitMq:Uri", through));
        using var anonymous = new HttpClient { BaseAddress = service.Address };

        Assert.Equal(200, (int)(await anonymous.GetAsync("/health/ready", Cancelled)).StatusCode);
        await service.Publish(new NoteWritten(1, "kept"));
        Assert.Equal(0, await service.Db(db => db.Notes.CountAsync(Cancelled)));

        broker.Resume();
        await Eventually.UntilAsync(() => service.Db(db => db.Notes.CountAsync(Cancelled)), count => count == 1);
    }

    [Fact]
    public async Task What_a_broker_confirmed_is_sent_again_within_a_minute_of_its_return()
    {
        var surroundings = await Surroundings.CreateAsync(servers);
        var real = surroundings.VirtualHost.Uri;
        await using var broker = TcpProxy.Start(real.Host, real.Port);
        var through = new UriBuilder(real) { Host = "127.0.0.1", Port = broker.Port }
            .Uri
            .AbsoluteUri;
        await using var service = await SampleService.StartAsync(servers, surroundings, ("RabbitMq:Uri", through));
        var row = OutboxRowOf(["matching"]);
        await service.Db(async db =>
        {
            db.Add(row);
            return await db.SaveChangesAsync(Cancelled);
        });

        // Twice, because the connection that a start makes begins the waits again too.
        for (var loss = 0; loss < 2; loss++)
        {
            await service.Db(db =>
                db.Set<OutboxRow>()
                    .ExecuteUpdateAsync(
                        set =>
                            set.SetProperty(sent => sent.SentAt, DateTimeOffset.UnixEpoch)
                                .SetProperty(sent => sent.Attempts, 6)
                                .SetProperty(sent => sent.NextAttemptAt, row.NextAttemptAt),
                        Cancelled
                    )
            );
            broker.Cut();

            await Eventually.UntilAsync(
                () => service.Db(db => db.Set<OutboxRow>().AsNoTracking().SingleAsync(Cancelled)),
                waits =>
                    waits.Attempts == 1
                    && waits.NextAttemptAt < TimeProvider.System.GetUtcNow() + TimeSpan.FromSeconds(60)
            );
        }
    }

    [Fact]
    public async Task Sending_again_that_the_broker_refuses_makes_no_later_wait_longer()
    {
        await using var service = await SampleService.StartAsync(servers);
        await service.Surroundings.VirtualHost.UnbindAsync(
            "Safeguarding.Hosting.Tests.NoteWritten",
            "sample-record-note"
        );
        var row = OutboxRowOf(["matching"]);
        await service.Db(async db =>
        {
            db.Add(row);
            await db.SaveChangesAsync(Cancelled);
            // Due so long ago that what it is due at next is another time.
            return await db.Set<OutboxRow>()
                .ExecuteUpdateAsync(
                    set =>
                        set.SetProperty(sent => sent.SentAt, DateTimeOffset.UnixEpoch)
                            .SetProperty(sent => sent.Attempts, 1)
                            .SetProperty(sent => sent.NextAttemptAt, DateTimeOffset.UnixEpoch),
                    Cancelled
                );
        });

        var waits = new HashSet<DateTimeOffset> { DateTimeOffset.UnixEpoch };
        var attempts = await Eventually.UntilAsync(
            async () =>
            {
                var read = await service.Db(db => db.Set<OutboxRow>().AsNoTracking().SingleAsync(Cancelled));
                waits.Add(read.NextAttemptAt);
                return read.Attempts;
            },
            _ => waits.Count > 8
        );

        // One more while it is being sent.
        Assert.InRange(attempts, 1, 2);
    }

    [Fact]
    public async Task A_consumer_waits_while_the_database_is_unavailable_and_parks_nothing()
    {
        await using var service = await SampleService.StartAsync(servers);
        var failures = 0;
        RecordNoteConsumer.Faults[service.DatabaseName] = _ => ++failures <= 3 ? new TimeoutException() : null;

        await service.Publish(new NoteWritten(1, "patience"));

        await Eventually.UntilAsync(() => service.Db(db => db.Notes.CountAsync(Cancelled)), count => count == 1);
        Assert.Equal(0, await service.Db(db => db.Set<ParkedMessage>().CountAsync(Cancelled)));
    }

    [Fact]
    public async Task An_event_that_no_queue_wants_waits_in_the_outbox_and_is_an_alarm()
    {
        await using var service = await SampleService.StartAsync(servers, null, ("Outbox:UnsentAlarmSeconds", "1"));
        await service.Surroundings.VirtualHost.UnbindAsync(
            "Safeguarding.Hosting.Tests.NoteWritten",
            "sample-record-note"
        );

        await service.Publish(new NoteWritten(1, "kept"));

        using var anonymous = new HttpClient { BaseAddress = service.Address };
        await Eventually.UntilAsync(
            async () => (int)(await anonymous.GetAsync("/health/outbox", Cancelled)).StatusCode,
            status => status == 503
        );
        Assert.Equal(200, (int)(await anonymous.GetAsync("/health/ready", Cancelled)).StatusCode);
        Assert.Null(await service.Db(db => db.Set<OutboxRow>().Select(row => row.SentAt).SingleAsync(Cancelled)));
        await service.Surroundings.VirtualHost.BindAsync(
            "Safeguarding.Hosting.Tests.NoteWritten",
            "sample-record-note"
        );
        await Eventually.UntilAsync(() => service.Db(db => db.Notes.CountAsync(Cancelled)), count => count == 1);
        await Eventually.UntilAsync(
            async () => (int)(await anonymous.GetAsync("/health/outbox", Cancelled)).StatusCode,
            status => status == 200
        );
    }

    // Not due, so that no relay sends it.
    private static OutboxRow OutboxRowOf(string[] awaiting) =>
        new()
        {
            Id = Guid.CreateVersion7(),
            EventType = typeof(NoteWritten).FullName!,
            Body = "[]"u8.ToArray(),
            CreatedAt = TimeProvider.System.GetUtcNow(),
            Awaiting = awaiting,
            NextAttemptAt = TimeProvider.System.GetUtcNow().AddMinutes(30),
        };

    private static StringContent JsonBody(string json) => new(json, System.Text.Encoding.UTF8, "application/json");
}
