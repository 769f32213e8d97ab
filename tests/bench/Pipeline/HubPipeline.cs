using System.Text.Json;
using Npgsql;
using Safeguarding.Bench.Hub;
using Safeguarding.Bench.Load;
using Safeguarding.Bench.Measure;
using Safeguarding.Bench.Sink;
using Safeguarding.Cli.Setup;

namespace Safeguarding.Bench.Pipeline;

/// <summary>The running hub, used as a trust and three councils use it.</summary>
internal sealed class HubPipeline : IPipeline
{
    private const string Subscription = "bench";
    private static readonly string[] Councils = ["E08999901", "E08999902", "E08999903"];
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);

    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromMinutes(10) };
    private readonly WebhookSink _sink;
    private readonly int _plans;
    private readonly HubClient _trust;
    private readonly HubClient[] _councils;
    private readonly NpgsqlDataSource[] _outboxes =
    [
        .. new[] { "plan-registry", "encounter-ingest", "matching", "notification" }.Select(OutboxOf),
    ];

    public HubPipeline(WebhookSink sink, int plans)
    {
        (_sink, _plans) = (sink, plans);
        _trust = new HubClient(_http, "RZ1");
        _councils = [.. Councils.Select(council => new HubClient(_http, council))];
        Processes = FindProcesses();
    }

    public string Name => "hub";

    public IReadOnlyDictionary<string, int> Processes { get; }

    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        var loaded = false;
        for (var i = 0; i < _councils.Length; i++)
        {
            loaded |= await LoadRegister.EnsureAsync(
                _councils[i],
                [.. Enumerable.Range(0, _plans).Where(child => child % _councils.Length == i)],
                cancellationToken
            );
        }

        if (loaded)
            Console.Error.WriteLine("  plans are registered; waiting until matching knows them");
        foreach (var council in _councils)
            await BenchSubscription.MakeAsync(council, Subscription, council.Organisation, _sink, cancellationToken);
        await WaitUntilIdleAsync(cancellationToken);
    }

    public async Task<IngestEndpoint> OpenAsync(CancellationToken cancellationToken) =>
        new(new Uri(HubAddresses.EncounterIngest, "/fhir/Encounter"), await _trust.TokenAsync(cancellationToken));

    public async Task WaitUntilIdleAsync(CancellationToken cancellationToken)
    {
        foreach (var outbox in _outboxes)
        {
            while (await UnreceivedAsync(outbox, cancellationToken) > 0)
                await Task.Delay(Look, cancellationToken);
        }
    }

    public async Task<IReadOnlyDictionary<Guid, Guid>> EncountersOfAsync(
        IReadOnlyCollection<ReceivedWebhook> webhooks,
        CancellationToken cancellationToken
    )
    {
        var encounters = new Dictionary<Guid, Guid>();
        foreach (var council in _councils)
        {
            var wanted = webhooks
                .Where(webhook => webhook.Receiver == council.Organisation)
                .Select(webhook => webhook.AlertId)
                .ToHashSet();
            for (Guid? before = null; wanted.Count > 0; )
            {
                var page = await council.GetAsync(
                    new Uri(
                        HubAddresses.Notification,
                        $"/alerts?limit=200{(before is null ? "" : $"&before={before}")}"
                    ),
                    cancellationToken
                );
                foreach (var alert in page.GetProperty("alerts").EnumerateArray())
                {
                    if (wanted.Remove(alert.GetProperty("id").GetGuid()))
                    {
                        encounters[alert.GetProperty("id").GetGuid()] = alert
                            .GetProperty("encounter")
                            .GetProperty("id")
                            .GetGuid();
                    }
                }

                before =
                    page.TryGetProperty("before", out var next) && next.ValueKind == JsonValueKind.String
                        ? next.GetGuid()
                        : null;
                if (before is null)
                    break;
            }
        }

        return encounters;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var council in _councils)
            await BenchSubscription.DeleteAsync(council, Subscription, CancellationToken.None);

        foreach (var outbox in _outboxes)
            await outbox.DisposeAsync();
        _http.Dispose();
    }

    // Anybody may ask whether a service is ready, but not how much waits there: as ./hub status, from the database.
    private static NpgsqlDataSource OutboxOf(string service) =>
        SecretFolder.ForReading().Read($"{service}/ConnectionStrings__Hub") is { } connection
            ? NpgsqlDataSource.Create(connection)
            : throw new BenchFailedException($"There is no secret of {service}: was the hub started by ./hub up?");

    private static async Task<long> UnreceivedAsync(NpgsqlDataSource outbox, CancellationToken cancellationToken)
    {
        await using var count = outbox.CreateCommand("SELECT count(*) FROM outbox");
        return (long)(await count.ExecuteScalarAsync(cancellationToken))!;
    }

    private static Dictionary<string, int> FindProcesses()
    {
        var processes = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var service in new[] { "identity", "plan-registry", "encounter-ingest", "matching", "notification" })
            processes[service] = HubAddresses.ProcessOf(service);
        Servers.AddTo(processes);
        return processes;
    }
}

/// <summary>PostgreSQL and RabbitMQ, which the hub and its peers share.</summary>
internal static class Servers
{
    public static void AddTo(Dictionary<string, int> processes)
    {
        Add("PostgreSQL", new NpgsqlConnectionStringBuilder(HubAddresses.Postgres).Port);
        Add("RabbitMQ", HubAddresses.RabbitMq.Port);

        void Add(string name, int port)
        {
            if (Listener.ProcessOn(port) is { } process)
            {
                processes[name] = process;
            }
            else
            {
                Console.Error.WriteLine(
                    $"  {name} is not a process of this machine that may be seen: its CPU is missing below"
                );
            }
        }
    }
}
