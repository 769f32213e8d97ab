using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Npgsql;
using Safeguarding.Cli.Run;
using Safeguarding.Cli.Setup;

namespace Safeguarding.Cli.Status;

/// <summary>
/// What runs and what waits, each thing asked of whom it belongs to; what cannot be asked needs
/// somebody.
/// </summary>
internal sealed record HubState(
    IReadOnlyList<ServiceState> Services,
    IReadOnlyList<CouncilState> Councils,
    IReadOnlyList<OutboxState> Outboxes,
    IReadOnlyList<QueueState> Queues,
    IReadOnlyList<string> NeedsYou
)
{
    // As long as a service itself thinks nothing of it: see /health/outbox.
    private static readonly TimeSpan UnsentIsLate = TimeSpan.FromMinutes(1);

    public static async Task<HubState> ReadAsync(TimeProvider clock, CancellationToken cancellationToken)
    {
        var hub = HubAddresses.FromEnvironment();
        var secrets = SecretFolder.ForReading();
        var needs = new List<string>();
        var services = await ServicesAsync(hub, needs, cancellationToken);
        IReadOnlyList<CouncilState> councils = [];
        try
        {
            using var operations = await Operations.ConnectAsync(hub);
            councils = await CouncilsAsync(hub, operations, clock, needs);
            await SilentSourcesAsync(hub, operations, clock, needs);
        }
        catch (Exception failure) when (failure is CallFailedException or HttpRequestException or TaskCanceledException)
        {
            needs.Add($"councils and sources could not be asked: {failure.Message}");
        }

        return new HubState(
            services,
            councils,
            await OutboxesAsync(secrets, needs, cancellationToken),
            await QueuesAsync(secrets, needs, cancellationToken),
            needs
        );
    }

    private static async Task<List<ServiceState>> ServicesAsync(
        HubAddresses hub,
        List<string> needs,
        CancellationToken cancellationToken
    )
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        var services = new List<ServiceState>();
        foreach (var name in Member.All.Select(member => member.Name))
        {
            var address = name switch
            {
                "identity" => hub.Identity,
                "portal" => hub.Portal,
                _ => hub.Get(name),
            };
            string state;
            try
            {
                using var answer = await http.GetAsync(new Uri(address, "/health/ready"), cancellationToken);
                state = answer.IsSuccessStatusCode ? "ready" : "NOT READY";
            }
            catch (Exception failure)
                when (failure is HttpRequestException or TaskCanceledException
                    && !cancellationToken.IsCancellationRequested
                )
            {
                state = "NO ANSWER";
            }

            if (state != "ready")
                needs.Add($"{name}: {state.ToLowerInvariant()}. Look at ./hub logs {name}");
            var process = ServiceProcess.All.Single(service => service.Name == name);
            services.Add(
                new ServiceState(
                    name,
                    state,
                    address.ToString().TrimEnd('/'),
                    process.Running()?.Pid,
                    process.RunningFor() is { } age ? Moments.Age(age) : null
                )
            );
        }

        return services;
    }

    private static async Task<List<CouncilState>> CouncilsAsync(
        HubAddresses hub,
        HubClient operations,
        TimeProvider clock,
        List<string> needs
    )
    {
        var councils = (await operations.GetAsync(hub.Notification, "/ops/councils"))
            .Expect("councils", 200)
            .Body!.AsArray()
            .Select(council => new CouncilState(
                (string)council!["council"]!,
                (long)council["alertsWaiting"]!,
                Age(council["oldestAlertRaisedAt"], clock),
                (long)council["deliveriesWaiting"]!,
                Age(council["oldestDeliveryMadeAt"], clock),
                (long)council["deliveriesParked"]!
            ))
            .ToList();
        needs.AddRange(
            councils
                .Where(council => council.Parked > 0)
                .Select(council =>
                    $"{council.Parked} deliveries to {council.Council} are parked: its endpoint refuses them. See "
                    + "runbook endpoint-refuses"
                )
        );
        return councils;
    }

    private static async Task SilentSourcesAsync(
        HubAddresses hub,
        HubClient operations,
        TimeProvider clock,
        List<string> needs
    )
    {
        foreach (var service in (string[])["plan-registry", "encounter-ingest"])
        {
            var sources = (await operations.GetAsync(hub.Get(service), "/ops/sources")).Expect("sources", 200).Body![
                "sources"
            ]!.AsArray();
            needs.AddRange(
                sources
                    .Where(source => (string?)source!["state"] == "silent")
                    .Select(silent =>
                        FormattableString.Invariant(
                            $"SILENT {silent!["organisation"]} has sent {service} nothing for {Age(silent["lastArrivalAt"], clock)}; usual would be {silent["expectedSince"]!.GetValue<double>():0}. See runbook source-silent"
                        )
                    )
            );
        }
    }

    private static async Task<List<OutboxState>> OutboxesAsync(
        SecretFolder secrets,
        List<string> needs,
        CancellationToken cancellationToken
    )
    {
        var outboxes = new List<OutboxState>();
        foreach (var member in Member.All.Where(member => member.UsesBroker).Select(member => member.Name))
        {
            if (secrets.Read($"{member}/ConnectionStrings__Hub") is not { } connection)
            {
                outboxes.Add(new OutboxState(member, null, null, null, null, "no secret"));
                continue;
            }

            try
            {
                await using var database = NpgsqlDataSource.Create(connection);
                await using var command = database.CreateCommand(
                    """
                    SELECT count(*) FILTER (WHERE sent_at IS NULL),
                           coalesce(extract(epoch FROM now() - min(created_at) FILTER (WHERE sent_at IS NULL)), 0)::int,
                           count(*),
                           (SELECT count(*) FROM parked_message WHERE replayed_at IS NULL)
                    FROM outbox
                    """
                );
                await using var row = await command.ExecuteReaderAsync(cancellationToken);
                await row.ReadAsync(cancellationToken);
                var oldest = TimeSpan.FromSeconds(row.GetInt32(1));
                var outbox = new OutboxState(
                    member,
                    row.GetInt64(0),
                    Moments.Age(oldest),
                    row.GetInt64(2),
                    row.GetInt64(3),
                    null
                );
                outboxes.Add(outbox);
                if (oldest > UnsentIsLate)
                    needs.Add($"{member} has not sent an event for {outbox.Oldest}. See runbook outbox-unsent");
                if (outbox.Parked > 0)
                    needs.Add($"{outbox.Parked} messages are parked at {member}. See runbook messages-parked");
            }
            catch (NpgsqlException failure)
            {
                var fault = failure.SqlState is PostgresErrorCodes.UndefinedTable ? "no tables" : "no answer";
                outboxes.Add(new OutboxState(member, null, null, null, null, fault));
                needs.Add($"the database of {member}: {fault}");
            }
        }

        return outboxes;
    }

    private static async Task<List<QueueState>> QueuesAsync(
        SecretFolder secrets,
        List<string> needs,
        CancellationToken cancellationToken
    )
    {
        using var management = Broker.Management(secrets);
        if (management is null)
            return [];
        try
        {
            var queues = await management.GetFromJsonAsync<List<JsonElement>>(
                $"/api/queues/{BrokerDefinitions.VirtualHost}",
                cancellationToken
            );
            return
            [
                .. queues!.Select(queue => new QueueState(
                    queue.GetProperty("name").GetString()!,
                    Count(queue, "messages_ready"),
                    Count(queue, "messages_unacknowledged"),
                    Count(queue, "consumers")
                )),
            ];
        }
        catch (Exception failure) when (failure is HttpRequestException or TaskCanceledException)
        {
            needs.Add("RabbitMQ's management interface does not answer: its queues are not known");
            return [];
        }
    }

    // A queue that was declared a moment ago has no statistics yet.
    private static long? Count(JsonElement queue, string name) =>
        queue.TryGetProperty(name, out var count) && count.TryGetInt64(out var number) ? number : null;

    private static string? Age(JsonNode? since, TimeProvider clock) =>
        since is null ? null : Moments.Age(clock.GetUtcNow() - since.GetValue<DateTimeOffset>());
}

internal sealed record ServiceState(string Name, string State, string Address, int? Process, string? RunningFor);

internal sealed record CouncilState(
    string Council,
    long AlertsWaiting,
    string? OldestAlert,
    long DeliveriesWaiting,
    string? OldestDelivery,
    long Parked
);

internal sealed record OutboxState(
    string Service,
    long? Unsent,
    string? Oldest,
    long? Unreceived,
    long? Parked,
    string? Fault
);

internal sealed record QueueState(string Name, long? Ready, long? Taken, long? Consumers);
