using System.Globalization;
using System.Text.Json.Nodes;
using Safeguarding.Seed.Demo;
using Safeguarding.Seed.Init;

namespace Safeguarding.Seed.Operate;

/// <summary>
/// <c>replay …</c>: an operator's replay of deliveries or parked messages. Without <c>--expect</c> it is the dry run, whose answer says what to type next.
/// </summary>
internal static class OrderReplay
{
    private const string Usage = """
        replay deliveries --from TIME [--until TIME] [--council GSS] [--endpoint ID] [--states parked,delivered] [--max N] [--per-minute N]
                          [--expect N --reason "WHY"]
        replay parked SERVICE --from TIME [--until TIME] [--consumer QUEUE] [--parked-for CAUSE] [--max N] [--per-minute N] [--expect N --reason "WHY"]
        replay list              the replays of deliveries, and how far they are
        replay stop ID           take back what of it still waits (Ctrl-C stops a replay of parked messages between two of them)

        TIME: 2026-11-25T06:00Z, or how long ago: 90m, 6h, 2d. Without --expect nothing is changed: it counts. --expect names the count.
        """;

    public static async Task<int> Run(string[] args)
    {
        try
        {
            var hub = HubAddresses.FromEnvironment();
            using var operations = await HubClient.ConnectAsync(hub, "hub-operations");
            switch (args)
            {
                case ["deliveries", .. var options]: await DeliveriesAsync(hub, operations, Arguments.Read(options)); return 0;
                case ["parked", var service, .. var options]: await ParkedAsync(hub.Of(service), operations, Arguments.Read(options), service); return 0;
                case ["list"]: await ListAsync(hub, operations); return 0;
                case ["stop", var id]:
                    var stop = (await operations.SendJsonAsync(HttpMethod.Post, hub.Notification, $"/deliveries/replays/{id}/stop", new { })).Expect("stopping", 200);
                    Console.WriteLine($"stopped: {stop.Body!["deliveries"]} deliveries are again what they were");
                    return 0;
                default: Console.Error.WriteLine(Usage); return 2;
            }
        }
        catch (Exception exception) when (exception is DemoFailedException or HttpRequestException or ArgumentException)
        {
            Console.Error.WriteLine(exception.Message);
            return 1;
        }
    }

    private static async Task DeliveriesAsync(HubAddresses hub, HubClient operations, Arguments asked)
    {
        var request = Window(asked);
        request["council"] = asked.Value("council");
        request["subscriptionId"] = asked.Value("endpoint");
        request["states"] = new JsonArray([.. (asked.Value("states") ?? "parked").Split(',').Select(state => (JsonNode)state)]);
        request["dryRun"] = true;
        var dry = (await operations.SendJsonAsync(HttpMethod.Post, hub.Notification, "/deliveries/replay", request)).Expect("the dry run", 200).Body!;
        foreach (var group in dry["groups"]!.AsArray()) Console.WriteLine($"{group!["council"],-12}{group["state"],-12}{group["deliveries"],8}");
        if (Expected(asked) is not { } expect)
        {
            Console.WriteLine($"{dry["deliveries"]} deliveries fit; nothing was sent. To send them, add: --expect {dry["deliveries"]} --reason \"…\"");
            return;
        }

        request["dryRun"] = false;
        request["expect"] = expect;
        request["nonce"] = dry["nonce"]!.DeepClone();
        request["reason"] = asked.Required("reason");
        var done = (await operations.SendJsonAsync(HttpMethod.Post, hub.Notification, "/deliveries/replay", request)).Expect("the replay", 200).Body!;
        Console.WriteLine($"replay {done["nonce"]}: {done["deliveries"]} deliveries, the last due at {done["lastDueAt"]}. To stop it: ./hub replay stop {done["nonce"]}");
    }

    private static async Task ParkedAsync(Uri service, HubClient operations, Arguments asked, string name)
    {
        var request = Window(asked);
        request["consumer"] = asked.Value("consumer");
        request["parkedFor"] = asked.Value("parked-for");
        request["dryRun"] = true;
        var dry = (await operations.SendJsonAsync(HttpMethod.Post, service, "/ops/parked/replay", request)).Expect("the dry run", 200).Body!;
        foreach (var group in dry["groups"]!.AsArray()) Console.WriteLine($"{group!["consumer"],-46}{group["parkedFor"],-18}{group["messages"],8}");
        if (Expected(asked) is not { } expect)
        {
            Console.WriteLine($"{dry["messages"]} parked messages of {name} fit; nothing was replayed. To replay them, add: --expect {dry["messages"]} --reason \"…\"");
            return;
        }

        request["dryRun"] = false;
        request["expect"] = expect;
        request["reason"] = asked.Required("reason");
        var done = (await operations.SendJsonAsync(HttpMethod.Post, service, "/ops/parked/replay", request)).Expect("the replay", 200).Body!;
        Console.WriteLine($"replayed {done["replayed"]}, taken by somebody else {done["takenBefore"]}, not readable by this version {done["notReplayable"]}. What failed again is parked again.");
    }

    private static async Task ListAsync(HubAddresses hub, HubClient operations)
    {
        var replays = (await operations.GetAsync(hub.Notification, "/deliveries/replays")).Expect("the list", 200).Body!.AsArray();
        foreach (var replay in replays)
            Console.WriteLine($"{replay!["id"]}  {replay["askedAt"]}  {replay["askedBy"],-20}{replay["deliveries"],8} deliveries{replay["waiting"],8} waiting  {(replay["stoppedAt"] is null ? "" : "stopped  ")}{replay["reason"]}");
        if (replays.Count == 0) Console.WriteLine("there were none");
    }

    private static JsonObject Window(Arguments asked) => new()
    {
        ["from"] = Time(asked.Required("from")),
        ["until"] = Time(asked.Value("until") ?? "0m"),
        ["max"] = Number(asked, "max"),
        ["perMinute"] = Number(asked, "per-minute"),
    };

    private static int? Expected(Arguments asked) => Number(asked, "expect");

    private static int? Number(Arguments asked, string name) =>
        !asked.Has(name) ? null
        : int.TryParse(asked.Value(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
        : throw new ArgumentException($"--{name} wants a number");

    private static DateTimeOffset Time(string text)
    {
        if (text.Length > 1 && int.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var ago))
        {
            var now = TimeProvider.System.GetUtcNow();
            switch (text[^1])
            {
                case 'm': return now.AddMinutes(-ago);
                case 'h': return now.AddHours(-ago);
                case 'd': return now.AddDays(-ago);
            }
        }

        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : throw new ArgumentException($"{text} is not a time: 2026-11-25T06:00Z, or how long ago, as 90m, 6h or 2d");
    }
}
