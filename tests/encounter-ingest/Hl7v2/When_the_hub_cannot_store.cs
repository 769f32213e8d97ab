using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Npgsql;
using Safeguarding.EncounterIngest.Hl7v2.Mllp;
using Safeguarding.EncounterIngest.Storage;
using Safeguarding.TestKit;
using static Safeguarding.EncounterIngest.Tests.Hl7v2.When_a_sender_is_untidy;

namespace Safeguarding.EncounterIngest.Tests.Hl7v2;

public sealed class When_the_hub_cannot_store(HubServers servers)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Without_the_database_there_is_no_answer_and_the_repeat_is_stored_once()
    {
        await using var surroundings = await Surroundings.CreateAsync(servers);
        var direct = new NpgsqlConnectionStringBuilder(surroundings.Database);
        await using var wire = new Wire(direct.Host!, direct.Port);
        (direct.Host, direct.Port, direct.Timeout) = ("127.0.0.1", wire.Port, 2);
        using var folder = Folder();
        folder.Write("patient", Sender("PATIENT", ""","whileUnavailable":"AE" """));
        await using var service = await ServiceUnderTest<EncounterIngestDb>.StartAsync(
            servers,
            new Dictionary<string, string?>(folder.Settings) { ["ConnectionStrings:Hub"] = direct.ConnectionString },
            surroundings: surroundings
        );
        var message = Visit.New().Arrived();

        wire.Cut();
        Assert.Null(await SendAsync(service, message));
        var patient = await SendAsync(service, message.Replace("|PAS|", "|PATIENT|", StringComparison.Ordinal));
        Assert.Equal("AE|E1000001|MSH unavailable", Msa(patient));

        wire.Reconnect();
        await Eventually.UntilAsync(async () => Msa(await SendAsync(service, message)) == "AA|E1000001");
        Assert.Equal(1, await service.Db(db => db.Set<EncounterVersion>().CountAsync(Cancelled)));
    }

    [Fact]
    public async Task An_answer_that_would_be_late_is_not_given_and_other_connections_go_on()
    {
        using var folder = Folder();
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var service = await ServiceUnderTest<EncounterIngestDb>.StartAsync(servers, folder.Settings, clock);
        var message = Visit.New().Arrived();
        await using var half = await MllpClient.ConnectAsync(Mllp.AddressOf(service));
        await half.WriteAsync(MllpClient.Frame(message)[..100]);
        await using var late = await MllpClient.ConnectAsync(Mllp.AddressOf(service));
        await using (var locker = new NpgsqlConnection(service.Surroundings.Database))
        {
            await locker.OpenAsync(Cancelled);
            await using var locked = await locker.BeginTransactionAsync(Cancelled);
            await using var command = new NpgsqlCommand(
                "LOCK TABLE encounter_ingest.encounter IN ACCESS EXCLUSIVE MODE",
                locker,
                locked
            );
            await command.ExecuteNonQueryAsync(Cancelled);
            await late.WriteAsync(MllpClient.Frame(message));
            var answer = late.ReadAsync();
            await MoveAsync(clock, answer, TimeSpan.FromSeconds(60));
            Assert.Null(await answer);
        }

        var unfinished = half.ReadAsync();
        await MoveAsync(clock, unfinished, MllpConnection.LongestFrame);
        Assert.Null(await unfinished);
        await Eventually.UntilAsync(async () => Msa(await SendAsync(service, message)) == "AA|E1000001");
        Assert.Equal(1, await service.Db(db => db.Set<EncounterVersion>().CountAsync(Cancelled)));
    }

    [Fact]
    public async Task At_a_stop_the_message_in_hand_is_answered_and_idle_senders_are_let_go()
    {
        using var folder = Folder();
        await using var service = await ServiceUnderTest<EncounterIngestDb>.StartAsync(
            servers,
            folder.Settings,
            new FakeTimeProvider(TimeProvider.System.GetUtcNow())
        );
        var listener = service.Services.GetRequiredService<MllpListener>();
        await using var idle = await MllpClient.ConnectAsync(Mllp.AddressOf(service));
        await using var busy = await MllpClient.ConnectAsync(Mllp.AddressOf(service));
        Assert.NotNull(await busy.SendAsync(Visit.New().Arrived()));
        await using var locker = new NpgsqlConnection(service.Surroundings.Database);
        await locker.OpenAsync(Cancelled);
        var locked = await locker.BeginTransactionAsync(Cancelled);
        await using (locked)
        {
            await using var command = new NpgsqlCommand(
                "LOCK TABLE encounter_ingest.encounter_version IN EXCLUSIVE MODE",
                locker,
                locked
            );
            await command.ExecuteNonQueryAsync(Cancelled);
            await busy.WriteAsync(MllpClient.Frame(Visit.New().Arrived(id: "LAST")));
            await Eventually.UntilAsync(() => WaitsAsync(service.Surroundings.Database));

            var stopping = listener.StopAsync(Cancelled);

            Assert.Null(await idle.ReadAsync());
            await locked.RollbackAsync(Cancelled);
            Assert.Equal("AA|LAST", Msa(await busy.ReadAsync()));
            Assert.Null(await busy.ReadAsync());
            await stopping;
        }
    }

    private static async Task<bool> WaitsAsync(string database)
    {
        await using var source = NpgsqlDataSource.Create(database);
        await using var command = source.CreateCommand(
            "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND relation = 'encounter_ingest.encounter_version'::regclass)"
        );
        return (bool)(await command.ExecuteScalarAsync(Cancelled))!;
    }

    // A timer that is not set yet is not moved by the clock, so it is moved until it has been.
    private static Task MoveAsync(FakeTimeProvider clock, Task until, TimeSpan step) =>
        Eventually.UntilAsync(() =>
        {
            clock.Advance(step);
            return Task.FromResult(until.IsCompleted);
        });

    private static async Task<string?> SendAsync(ServiceUnderTest<EncounterIngestDb> service, string message)
    {
        await using var trust = await MllpClient.ConnectAsync(Mllp.AddressOf(service));
        return await trust.SendAsync(message);
    }

    private static SenderFolder Folder()
    {
        var folder = new SenderFolder();
        folder.Write("pas", Sender("PAS", ""));
        return folder;
    }

    private static string Sender(string application, string more) =>
        $$"""{"organisation":"RZZ","application":"{{application}}","facility":"RZZ","identifierSystem":"https://trust.example/Id/visit"{{more}}}""";
}
