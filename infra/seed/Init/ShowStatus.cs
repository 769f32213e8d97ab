using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Npgsql;
using Safeguarding.Seed.Demo;

namespace Safeguarding.Seed.Init;

/// <summary><c>status --from DIR</c>: what waits where, read with each service's own role.</summary>
internal static class ShowStatus
{
    public static async Task<int> Run(string[] options)
    {
        var arguments = Arguments.Read(options);
        var secrets = new SecretFolder(arguments.Required("from"), UnixFileMode.UserRead);
        // Where the services are processes of this machine, the script has shown them, with more than can be asked over HTTP.
        if (arguments.Has("services")) await ShowServices();
        await ShowCouncils();
        await ShowSilentSources();
        await ShowOutboxes(secrets);
        await ShowQueues(secrets);
        return 0;
    }

    private static async Task ShowServices()
    {
        var hub = HubAddresses.FromEnvironment();
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        Console.WriteLine();
        foreach (var (name, address) in new[] { ("identity", hub.Identity) }.Concat(Member.All.Where(member => member.UsesBroker).Select(member => (member.Name, hub.Of(member.Name)))))
        {
            try
            {
                using var answer = await http.GetAsync(new Uri(address, "/health/ready"));
                Console.WriteLine($"{name,-18}{(answer.IsSuccessStatusCode ? "ready" : "NOT READY: ./hub logs " + name)}");
            }
            catch (Exception failure) when (failure is HttpRequestException or TaskCanceledException)
            {
                Console.WriteLine($"{name,-18}DOES NOT ANSWER");
            }
        }
    }

    private static async Task ShowCouncils()
    {
        try
        {
            var hub = HubAddresses.FromEnvironment();
            using var operations = await HubClient.ConnectAsync(hub, "hub-operations");
            var councils = (await operations.GetAsync(hub.Notification, "/ops/councils")).Expect("councils", 200).Body!.AsArray();
            Console.WriteLine($"\n{"council",-18}{"alerts waiting",15}{"oldest",9}{"deliveries waiting",20}{"oldest",9}{"parked",8}");
            foreach (var council in councils)
                Console.WriteLine(
                    $"{council!["council"],-18}{council["alertsWaiting"],15}{Age(council["oldestAlertRaisedAt"]),9}{council["deliveriesWaiting"],20}{Age(council["oldestDeliveryMadeAt"]),9}{council["deliveriesParked"],8}");
            if (councils.Count == 0) Console.WriteLine("nothing waits for any council");
        }
        catch (Exception failure) when (failure is DemoFailedException or HttpRequestException or TaskCanceledException)
        {
            Console.WriteLine("\ncouncils: notification or identity does not answer");
        }
    }

    private static async Task ShowSilentSources()
    {
        try
        {
            var hub = HubAddresses.FromEnvironment();
            using var operations = await HubClient.ConnectAsync(hub, "hub-operations");
            foreach (var service in (string[])["plan-registry", "encounter-ingest"])
            {
                var sources = (await operations.GetAsync(hub.Of(service), "/ops/sources")).Expect("sources", 200).Body!["sources"]!.AsArray();
                foreach (var silent in sources.Where(source => source!["state"]!.GetValue<string>() == "silent"))
                    Console.WriteLine($"\nSILENT  {silent!["organisation"]} sends nothing to {service} for {Age(silent["lastArrivalAt"])}; usual would be {silent["expectedSince"]!.GetValue<double>():0}");
            }
        }
        catch (Exception failure) when (failure is DemoFailedException or HttpRequestException or TaskCanceledException)
        {
            Console.WriteLine("\nsources: plan-registry, encounter-ingest or identity does not answer");
        }
    }

    private static string Age(JsonNode? since)
    {
        if (since is null) return "-";
        var age = TimeProvider.System.GetUtcNow() - since.GetValue<DateTimeOffset>();
        return age.TotalHours >= 48 ? $"{age.TotalDays:0} d" : age.TotalMinutes >= 120 ? $"{age.TotalHours:0} h" : age.TotalSeconds >= 120 ? $"{age.TotalMinutes:0} min" : $"{age.TotalSeconds:0} s";
    }

    private static async Task ShowOutboxes(SecretFolder secrets)
    {
        Console.WriteLine($"\n{"service",-18}{"unsent",8}{"oldest",9}{"unreceived",12}{"parked",8}");
        foreach (var member in Member.All.Where(member => member.UsesBroker))
        {
            try
            {
                await using var database = NpgsqlDataSource.Create(secrets.Read($"{member.Name}/ConnectionStrings__Hub")!);
                await using var command = database.CreateCommand("""
                    SELECT count(*) FILTER (WHERE sent_at IS NULL),
                           coalesce(extract(epoch FROM now() - min(created_at) FILTER (WHERE sent_at IS NULL)), 0)::int,
                           count(*),
                           (SELECT count(*) FROM parked_message WHERE replayed_at IS NULL)
                    FROM outbox
                    """);
                await using var row = await command.ExecuteReaderAsync();
                await row.ReadAsync();
                Console.WriteLine($"{member.Name,-18}{row.GetInt64(0),8}{row.GetInt32(1).ToString(CultureInfo.InvariantCulture) + " s",9}{row.GetInt64(2),12}{row.GetInt64(3),8}");
            }
            catch (NpgsqlException failure)
            {
                Console.WriteLine($"{member.Name,-18}{(failure.SqlState is PostgresErrorCodes.UndefinedTable ? "has no tables yet" : "its database does not answer")}");
            }
        }
    }

    private static async Task ShowQueues(SecretFolder secrets)
    {
        using var management = Broker.Management(secrets);
        if (management is null)
        {
            Console.WriteLine("\nqueues: set HUB_RABBITMQ_MANAGEMENT to see them");
            return;
        }

        try
        {
            var queues = await management.GetFromJsonAsync<List<JsonElement>>($"/api/queues/{BrokerDefinitions.VirtualHost}");
            Console.WriteLine($"\n{"queue",-46}{"ready",8}{"taken",8}{"consumers",11}");
            foreach (var queue in queues!)
                Console.WriteLine($"{queue.GetProperty("name").GetString(),-46}{Count(queue, "messages_ready"),8}{Count(queue, "messages_unacknowledged"),8}{Count(queue, "consumers"),11}");
        }
        catch (HttpRequestException failure)
        {
            Console.WriteLine($"\nqueues: RabbitMQ's management interface does not answer ({failure.HttpRequestError})");
        }
    }

    // A queue that was declared a moment ago has no statistics yet.
    private static string Count(JsonElement queue, string name) => queue.TryGetProperty(name, out var count) ? count.ToString() : "-";
}
