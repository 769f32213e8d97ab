using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Npgsql;
using Safeguarding.Contracts.Persons;
using Safeguarding.TestKit;

namespace Safeguarding.Hub.Tests;

/// <summary>
/// Faults on real processes under load, two of each service. Trusts write down what they asked and were answered,
/// council stubs what arrived; a model that knows nothing of the hub says from the first which alerts must exist. The
/// second judge is <c>./hub prove</c>.
/// </summary>
[Trait("Kind", "faults")]
public sealed class Under_load_with_faults(HubServers servers)
{
    private static readonly TimeSpan Healing = TimeSpan.FromMinutes(3);
    private static readonly string[] Councils = [HubUnderTest.Council, HubUnderTest.OtherCouncil];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Run", "bounded")]
    public Task Wiping_the_broker_while_messages_lie_in_it_loses_nothing_and_repeats_no_effect() =>
        RunAsync(seed: 1, encounters: 150, perSecond: 25, WipeWithMessagesInsideAsync);

    [Fact]
    [Trait("Run", "bounded")]
    public async Task A_broker_that_is_killed_and_loses_its_disk_costs_no_answer_and_no_alert()
    {
        await using var broker = await OwnBroker.StartAsync();
        await RunAsync(
            new On(servers.With(broker), Broker: broker),
            seed: 2,
            encounters: 300,
            perSecond: 15,
            KillBrokerAsync,
            LoseBrokersDiskAsync
        );
    }

    [Fact]
    [Trait("Run", "whole")]
    public async Task A_cluster_that_loses_leaders_then_two_nodes_then_all_costs_no_answer_or_alert()
    {
        await using var cluster = await BrokerCluster.StartAsync();
        await RunAsync(
            new On(servers.With(cluster.Nodes[0]), Cluster: cluster),
            seed: 5,
            encounters: 900,
            perSecond: 10,
            scene => LoseNodesAsync(scene, standsBefore: 1, 0),
            scene => LoseNodesAsync(scene, standsBefore: 2, 0, 1),
            scene => LoseNodesAsync(scene, standsBefore: 0, 0, 1, 2)
        );
    }

    [Fact]
    [Trait("Run", "bounded")]
    public async Task A_killed_primary_loses_nothing_acknowledged_and_its_standby_takes_writes_within_ten_seconds()
    {
        await using var pair = await PostgresPair.StartAsync();
        await RunAsync(new On(servers.With(pair), Pair: pair), seed: 3, encounters: 200, perSecond: 10, FailOverAsync);
    }

    [Fact]
    [Trait("Run", "whole")]
    public async Task A_rolling_upgrade_has_both_releases_consume_at_once_and_loses_nothing()
    {
        await using var previous = await PreviousRelease.BuildAsync();
        await RunAsync(new On(servers, Previous: previous), seed: 4, encounters: 600, perSecond: 15, UpgradeAsync);
    }

    [Fact]
    [Trait("Run", "whole")]
    public Task Every_fault_after_the_other_loses_nothing_and_repeats_no_effect() =>
        RunAsync(
            Setting("HUB_FAULTS_SEED", TimeProvider.System.GetUtcNow().Minute + 1),
            Setting("HUB_FAULTS_ENCOUNTERS", 3_000),
            perSecond: 25,
            KillAsync,
            PauseAsync,
            BrokerUnavailableAsync,
            SlowBrokerAsync,
            LoseAnswersOfBrokerAsync,
            WipeWithMessagesInsideAsync,
            DeleteQueueAsync,
            DeleteBindingAsync,
            PoisonAsync,
            LockTableAsync,
            KillAsync,
            DatabaseUnavailableAsync,
            LoseAnswersOfDatabaseAsync,
            KillAsync
        );

    private Task RunAsync(int seed, int encounters, int perSecond, params Func<Scene, Task>[] faults) =>
        RunAsync(new On(servers), seed, encounters, perSecond, faults);

    private static async Task RunAsync(
        On on,
        int seed,
        int encounters,
        int perSecond,
        params Func<Scene, Task>[] faults
    )
    {
        Say($"seed {seed}, {encounters} encounters, {faults.Length} faults");
        await using var scene = await Scene.StartAsync(on, seed, encounters / 10);
        using var over = new CancellationTokenSource();
        var load = scene.LoadAsync(encounters, perSecond);
        do
        {
            foreach (var fault in faults)
            {
                var began = TimeProvider.System.GetTimestamp();
                await fault(scene);
                Say($"  {fault.Method.Name}: {TimeProvider.System.GetElapsedTime(began).TotalSeconds:f1} s");
            }
        } while (!load.IsCompleted && on is { Broker: null, Cluster: null } && faults.Length > 1);

        await load;
        foreach (var service in scene.Services)
        {
            Assert.False(
                service.HasDied,
                $"A service ended by itself: {string.Join('\n', service.Log.Split('\n').TakeLast(40))}"
            );
        }
        // No answer to a trust ever waits for the broker.
        if (on.Broker is not null || on.Cluster is not null)
            Assert.Equal(0, scene.Refusals);
        foreach (var stub in scene.Stubs)
            stub.Misbehaves = false;
        await scene.CheckAsync();
    }

    /// <summary>
    /// Some nodes are killed at once, and what stands before the cluster sends everybody to another, which may
    /// have no majority or be gone too; then they come back.
    /// </summary>
    private static async Task LoseNodesAsync(Scene scene, int standsBefore, params int[] nodes)
    {
        var before = scene.Answered;
        await Eventually.UntilAsync(
            () => Task.FromResult(scene.Answered),
            answered => answered > before + 50,
            Healing,
            "the load runs"
        );
        await scene.On.Cluster!.KillAsync(nodes);
        scene.Broker.PointAt("127.0.0.1", scene.On.Cluster.Nodes[standsBefore].Uri.Port);
        before = scene.Answered;
        await Eventually.UntilAsync(
            () => Task.FromResult(scene.Answered),
            answered => answered > before + 50,
            Healing,
            "trusts are answered meanwhile"
        );
        await scene.On.Cluster.StartAgainAsync(nodes);
    }

    private static async Task KillBrokerAsync(Scene scene)
    {
        await scene.On.Broker!.KillAsync();
        await scene.On.Broker.StartAgainAsync();
    }

    /// <summary>The broker is killed while it holds messages that nobody has taken yet, and comes back empty.</summary>
    private static async Task LoseBrokersDiskAsync(Scene scene)
    {
        await HoldMessagesAsync(scene);
        await scene.On.Broker!.KillAsync();
        scene.On.Broker.LoseDisk();
        await scene.On.Broker.StartAgainAsync();
        await scene.Surroundings.VirtualHost.CreateAsync();
        foreach (var matching in scene.Of("matching"))
            Signal(matching, "CONT");
    }

    /// <summary>
    /// One replica of each is of the previous release; they work side by side for a while, and then one
    /// service after the other is replaced.
    /// </summary>
    private static async Task UpgradeAsync(Scene scene)
    {
        await Eventually.UntilAsync(() => Task.FromResult(scene.Answered), answered => answered > 200, Healing);
        for (var i = 0; i < HubUnderTest.Assemblies.Count; i++)
        {
            var service = scene.Services[i];
            await service.KillAsync();
            await service.StartAgainAsync(HubUnderTest.Assemblies[i]);
        }
    }

    private static async Task FailOverAsync(Scene scene)
    {
        await Eventually.UntilAsync(() => Task.FromResult(scene.Answered), answered => answered > 50, Healing);
        await scene.On.Pair!.KillPrimaryAsync();
        await scene.On.Pair.PromoteAsync();
        var before = scene.Answered;
        await Eventually.UntilAsync(
            () => Task.FromResult(scene.Answered),
            answered => answered > before,
            TimeSpan.FromSeconds(10),
            "writes are back"
        );
    }

    private static async Task KillAsync(Scene scene)
    {
        var service = scene.Any(scene.Services);
        await service.KillAsync();
        await service.StartAgainAsync();
    }

    /// <summary>Looks alive to the broker and to the database, and is not.</summary>
    private static async Task PauseAsync(Scene scene)
    {
        var service = scene.Any(scene.Services);
        Signal(service, "STOP");
        await ForAWhileAsync(TimeSpan.FromSeconds(6));
        Signal(service, "CONT");
    }

    private static async Task BrokerUnavailableAsync(Scene scene)
    {
        scene.Broker.Stop();
        await ForAWhileAsync(TimeSpan.FromSeconds(4));
        scene.Broker.Resume();
    }

    private static async Task SlowBrokerAsync(Scene scene)
    {
        scene.Broker.Delay = TimeSpan.FromMilliseconds(300);
        await ForAWhileAsync(TimeSpan.FromSeconds(4));
        scene.Broker.Delay = TimeSpan.Zero;
    }

    private static async Task LoseAnswersOfBrokerAsync(Scene scene)
    {
        var before = scene.Broker.AnswersLost;
        scene.Broker.LoseAnswers(8);
        await Eventually.UntilAsync(() => Task.FromResult(scene.Broker.AnswersLost > before), Healing);
    }

    private static async Task DatabaseUnavailableAsync(Scene scene)
    {
        scene.Database.Stop();
        await ForAWhileAsync(TimeSpan.FromSeconds(3));
        scene.Database.Resume();
    }

    private static async Task LoseAnswersOfDatabaseAsync(Scene scene)
    {
        var before = scene.Database.AnswersLost;
        scene.Database.LoseAnswers(8);
        await Eventually.UntilAsync(() => Task.FromResult(scene.Database.AnswersLost > before), Healing);
    }

    /// <summary>
    /// Stops both of matching, so that the broker holds what the outbox has sent, and then everything in the
    /// broker is gone.
    /// </summary>
    private static async Task WipeWithMessagesInsideAsync(Scene scene)
    {
        await HoldMessagesAsync(scene);
        await scene.Surroundings.VirtualHost.WipeAsync();
        foreach (var matching in scene.Of("matching"))
            Signal(matching, "CONT");
        // As if the first wait for acknowledgements were over.
        await Eventually.UntilAsync(
            async () =>
                await scene.CountAsync(
                    "UPDATE encounter_ingest.outbox SET next_attempt_at = now() WHERE sent_at IS NOT NULL RETURNING 1"
                ) >= 0,
            Healing
        );
    }

    private static async Task HoldMessagesAsync(Scene scene)
    {
        foreach (var matching in scene.Of("matching"))
            Signal(matching, "STOP");
        await Eventually.UntilAsync(
            async () =>
                await scene.CountAsync("SELECT count(*) FROM encounter_ingest.outbox WHERE sent_at IS NOT NULL"),
            sent => sent >= 3,
            Healing
        );
    }

    private static async Task DeleteQueueAsync(Scene scene) =>
        await scene.Surroundings.VirtualHost.DeleteQueueAsync(
            scene.Any(["matching-match-encounters", "notification-raise-alert", "encounter-ingest-receipts"])
        );

    private static async Task DeleteBindingAsync(Scene scene)
    {
        const string e = "Safeguarding.Contracts.Matches.EncounterMatched",
            queue = "notification-raise-alert";
        await scene.Surroundings.VirtualHost.UnbindAsync(e, queue);
        await ForAWhileAsync(TimeSpan.FromSeconds(3));
        await scene.Surroundings.VirtualHost.BindAsync(e, queue);
    }

    /// <summary>
    /// What cannot be read, what a later version may send, and ten megabytes of nothing; different bytes each
    /// time, because the same ones wait once.
    /// </summary>
    private static async Task PoisonAsync(Scene scene)
    {
        var round = scene.Poisons / 4;
        foreach (
            var poison in (byte[][])
                [
                    Encoding.UTF8.GetBytes($"{{{round}"),
                    Encoding.UTF8.GetBytes(
                        $$$"""{"packId":"{{{Guid.CreateVersion7()}}}","type":"Safeguarding.Contracts.Encounters.EncounterReceived","sender":"encounter-ingest","events":[{"id":"{{{Guid.CreateVersion7()}}}","at":"2026-11-01T00:00:00Z","event":{"encounterId":"not one"}}]}"""
                    ),
                    Encoding.UTF8.GetBytes(
                        $$"""{"packId":"{{Guid.CreateVersion7()}}","type":"Safeguarding.Contracts.Encounters.EncounterReceivedV9","sender":"encounter-ingest","events":[]}"""
                    ),
                    new byte[(10 * 1024 * 1024) + round],
                ]
        )
        {
            await scene.Surroundings.Bus.PublishRawAsync<Contracts.Encounters.EncounterReceived>(poison);
        }

        scene.Poisons += 4;
    }

    private static async Task LockTableAsync(Scene scene)
    {
        await using var connection = await scene.Admin.OpenConnectionAsync(Cancelled);
        await using var transaction = await connection.BeginTransactionAsync(Cancelled);
        await using var command = new NpgsqlCommand(
            "LOCK TABLE matching.encounter, encounter_ingest.outbox, notification.delivery IN ACCESS EXCLUSIVE MODE",
            connection
        );
        await command.ExecuteNonQueryAsync(Cancelled);
        await ForAWhileAsync(TimeSpan.FromSeconds(4));
        await transaction.RollbackAsync(Cancelled);
    }

    // The length of a fault, not a wait for anything.
    private static Task ForAWhileAsync(TimeSpan time) => Task.Delay(time, Cancelled);

    private static void Signal(ServiceProcess service, string signal)
    {
        using var kill = Process.Start(
            "kill",
            [$"-{signal}", service.ProcessId.ToString(CultureInfo.InvariantCulture)]
        );
        kill.WaitForExit();
    }

    private static int Setting(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var set)
            ? set
            : otherwise;

    private static void Say(FormattableString line) =>
        TestContext.Current.TestOutputHelper!.WriteLine(FormattableString.Invariant(line));

    /// <param name="Servers">What the hubs stand on.</param>
    /// <param name="Broker">The test's own broker, where it has one.</param>
    /// <param name="Cluster">The test's own brokers, where it has several.</param>
    /// <param name="Pair">The test's own PostgreSQL, where it has one.</param>
    /// <param name="Previous">The release that the first hub is of, where that is not this one.</param>
    private sealed record On(
        HubServers Servers,
        OwnBroker? Broker = null,
        BrokerCluster? Cluster = null,
        PostgresPair? Pair = null,
        PreviousRelease? Previous = null
    );

    /// <summary>
    /// Two hubs' worth of processes over one database and one virtual host, both reached over wires that
    /// fault.
    /// </summary>
    private sealed class Scene : IAsyncDisposable
    {
        private readonly AcceptedByTheHub _accepted = new();
        private readonly Random _chance;
        private readonly PersonTraits[] _children;
        private HubUnderTest[] _hubs = [];

        private Scene(On on, Surroundings surroundings, int seed, int children)
        {
            (On, Surroundings, _chance) = (on, surroundings, new Random(seed));
            _children = [.. Enumerable.Range(0, children).Select(_ => Synthetic.AChild())];
            Admin = NpgsqlDataSource.Create(surroundings.Database);
            Broker = TcpProxy.Start(surroundings.VirtualHost.Uri.Host, surroundings.VirtualHost.Uri.Port);
            var database = new NpgsqlConnectionStringBuilder(surroundings.Database);
            Database = TcpProxy.Start(database.Host!, database.Port);
        }

        public On On { get; }

        public Surroundings Surroundings { get; }

        public TcpProxy Broker { get; }

        public TcpProxy Database { get; }

        public NpgsqlDataSource Admin { get; }

        public List<CouncilStub> Stubs { get; } = [];

        public int Poisons { get; set; }

        /// <summary>Encounters that were answered 2xx so far.</summary>
        public int Answered => _accepted.Model().Encounters.Count;

        public int Refusals => _accepted.Refusals;

        public IReadOnlyList<ServiceProcess> Services => [.. _hubs.SelectMany(hub => hub.Services)];

        public static async Task<Scene> StartAsync(On on, int seed, int children)
        {
            var surroundings = await Surroundings.CreateAsync(on.Servers);
            var scene = new Scene(on, surroundings, seed, children);
            (string, string)[] settings =
            [
                (
                    "RabbitMq:Uri",
                    new UriBuilder(surroundings.VirtualHost.Uri) { Host = "127.0.0.1", Port = scene.Broker.Port }
                        .Uri
                        .AbsoluteUri
                ),
                (
                    "ConnectionStrings:Hub",
                    new NpgsqlConnectionStringBuilder(surroundings.Database)
                    {
                        Host = "127.0.0.1",
                        Port = scene.Database.Port,
                    }.ConnectionString
                ),
                ("Webhooks:RequestTimeout", "00:00:02"),
            ];
            var first = await HubUnderTest.StartAsync(surroundings, on.Previous?.Folder ?? "", _ => [], settings);
            scene._hubs = [first, await HubUnderTest.StartAsync(surroundings, settings)];
            foreach (var council in Councils)
            {
                var stub = await CouncilStub.StartAsync(seed + scene.Stubs.Count);
                stub.Misbehaves = true;
                scene.Stubs.Add(stub);
                await first.SubscribeAsync(council, stub.Address);
            }

            for (var i = 0; i < children; i++)
                await first.PutPlanAsync(Councils[i % 2], $"plan-{i}", scene._children[i]);
            return scene;
        }

        public IEnumerable<ServiceProcess> Of(string service) => _hubs.Select(hub => hub.Service(service));

        public T Any<T>(IReadOnlyList<T> of)
        {
            lock (_chance)
                return of[_chance.Next(of.Count)];
        }

        public async Task<long> CountAsync(string sql)
        {
            await using var command = Admin.CreateCommand(sql);
            return Convert.ToInt64(await command.ExecuteScalarAsync(Cancelled) ?? 0L, CultureInfo.InvariantCulture);
        }

        private async Task<List<string>> ParkedAsync()
        {
            var parked = new List<string>();
            await using var command = Admin.CreateCommand(
                string.Join(
                    " UNION ALL ",
                    ((string[])["plan_registry", "encounter_ingest", "matching", "notification"]).Select(schema =>
                        $"SELECT concat_ws(' ', consumer, reason, exception_type, length(body), parked_at) FROM {schema}.parked_message"
                    )
                )
            );
            await using var reader = await command.ExecuteReaderAsync(Cancelled);
            while (await reader.ReadAsync(Cancelled))
                parked.Add(reader.GetString(0));
            return parked;
        }

        public async Task LoadAsync(int encounters, int perSecond)
        {
            var sending = new List<Task>(encounters);
            using var beat = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / perSecond));
            for (var i = 0; i < encounters && await beat.WaitForNextTickAsync(Cancelled); i++)
                sending.Add(SendAsync(i));
            await Task.WhenAll(sending);
        }

        // A trust's system: it sends again, under the same identifier and to the other replica too, until it is
        // answered 2xx.
        private async Task SendAsync(int i)
        {
            var (name, child) = ($"enc-{i}", i % 10 == 0 && i / 10 < _children.Length ? i / 10 : -1);
            var patient = child < 0 ? Synthetic.AChild() : _children[child];
            _accepted.Asked(name, child < 0 ? null : Councils[child % 2], child < 0 ? null : $"plan-{child}");
            for (var attempt = i; ; attempt++)
            {
                var hub = _hubs[attempt % 2];
                using var epr = hub.Client(hub.EncounterIngest, HubUnderTest.Trust, "encounter.submit");
                var status = 0;
                try
                {
                    status = (int)
                        (
                            await epr.PostAsync("/fhir/Encounter", HubUnderTest.Encounter(patient, name), Cancelled)
                        ).StatusCode;
                }
                catch (HttpRequestException)
                {
                    // Nothing is known: 0 in the file.
                }

                _accepted.Answered(name, status);
                if (status is >= 200 and < 300)
                    return;
                await Task.Delay(TimeSpan.FromMilliseconds(500), Cancelled);
            }
        }

        public async Task CheckAsync()
        {
            var began = TimeProvider.System.GetTimestamp();
            var hub = _hubs[0];
            var (accepted, mustExist) = _accepted.Model();
            var (code, report) = await Eventually.UntilAsync(
                () => hub.ProveAsync(),
                proof => IsQuiet(proof.Report),
                Healing,
                "nothing is on the way any more"
            );
            Assert.True(code == 0, report);
            Assert.Contains(
                $"WHOLE: all {accepted.Count.ToString("n0", CultureInfo.InvariantCulture)} encounters, {mustExist.Count.ToString("n0", CultureInfo.InvariantCulture)} alerts",
                report,
                StringComparison.Ordinal
            );

            // Every alert the model asks for, once, and none besides.
            var alerts = new Dictionary<Guid, (string Council, string Plan)>();
            foreach (var council in Councils)
            {
                foreach (var alert in await hub.AlertsAsync(council))
                    alerts.Add(Guid.Parse((string)alert!["id"]!), (council, (string)alert["plans"]![0]!["reference"]!));
            }

            Assert.Equal(mustExist.Count, alerts.Count);
            Assert.Equal(mustExist, [.. alerts.Values]);
            // Each at its council's endpoint, and at no other; a repeat has the same id and the same bytes.
            for (var i = 0; i < Councils.Length; i++)
            {
                var (council, stub) = (Councils[i], Stubs[i]);
                var own = alerts.Where(alert => alert.Value.Council == council).Select(alert => alert.Key).ToHashSet();
                await Eventually.UntilAsync(
                    () =>
                        Task.FromResult(
                            own.Count - stub.Arrivals.Select(arrival => arrival.AlertId).Distinct().Count(own.Contains)
                        ),
                    missing => missing == 0,
                    Healing,
                    $"alerts that never reached {council}"
                );
                Assert.All(stub.Arrivals, arrival => Assert.Contains(arrival.AlertId, own));
                Assert.All(stub.Arrivals.GroupBy(arrival => arrival.WebhookId), same =>
                    Assert.Single(same.Select(arrival => (arrival.AlertId, arrival.BodyHash)).Distinct())
                );
                Assert.Equal(own.Count, stub.Arrivals.Select(arrival => arrival.WebhookId).Distinct().Count());
            }

            // Each poison waits for an operator once, and nothing else does.
            var parked = await Eventually.UntilAsync(
                ParkedAsync,
                some => some.Count >= Poisons,
                Healing,
                "every poison is parked"
            );
            Assert.True(
                parked.Count == Poisons
                    && parked.All(message =>
                        message.StartsWith("matching-match-encounters ", StringComparison.Ordinal)
                    ),
                $"{Poisons} poisons; parked are:\n{string.Join('\n', parked)}"
            );
            Say(
                $"n = {accepted.Count} accepted, {_accepted.Refusals} refused or unanswered and sent again; 0 of {mustExist.Count} alerts lost, 0 wrong, 0 doubled;"
            );
            Say(
                $"{Stubs.Sum(stub => stub.Arrivals.Count)} webhooks arrived; quiet {TimeProvider.System.GetElapsedTime(began).TotalSeconds:f0} s after the last fault. No loss in n bounds the rate below {3.0 / accepted.Count:p3} (95 %)."
            );
        }

        public async ValueTask DisposeAsync()
        {
            foreach (var service in Services)
                await service.DisposeAsync();
            await Broker.DisposeAsync();
            await Database.DisposeAsync();
            await Admin.DisposeAsync();
            foreach (var stub in Stubs)
                await stub.DisposeAsync();
            _accepted.Dispose();
            await Surroundings.DisposeAsync();
        }

        private static bool IsQuiet(string report) =>
            !System.Text.RegularExpressions.Regex.IsMatch(report, "on the way +[1-9]")
            && report.Contains("WHOLE", StringComparison.Ordinal);
    }
}
