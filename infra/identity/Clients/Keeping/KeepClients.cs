using System.Globalization;
using System.Text.Json.Nodes;

namespace Safeguarding.Identity.Clients.Keeping;

/// <summary>
/// <c>clients …</c>: an operator's changes to the clients file. Each is judged as the running service would judge the whole file, written whole, and
/// followed by every instance within two seconds.
/// </summary>
internal static class KeepClients
{
    private const string Usage = """
        clients [list]                                                        the clients, their scopes and their keys
        clients add ID --organisation CODE --scopes A,B --key FILE [--kid KID]
                                                                              a new client with its public key (PEM, JWK or JWKS; - is standard input)
        clients rotate ID --key FILE [--kid KID] [--overlap 7d]               a further key; the former ones end after the overlap (default 7d; 0d: at once)
        clients disable ID                                                    no further token; those it holds end within ten minutes
        clients enable ID
        """;

    public static int Run(string[] args, string? clientsFile)
    {
        using var output = new StreamWriter(Console.OpenStandardOutput()) { AutoFlush = true };
        return Run(args, clientsFile, Console.In, output, TimeProvider.System);
    }

    internal static int Run(string[] args, string? clientsFile, TextReader input, TextWriter output, TimeProvider clock)
    {
        try
        {
            var file = new ClientsFileOnDisk(clientsFile is { Length: > 0 } path ? path : throw new BadOrderException("Identity__ClientsFile is missing: the JSON file of clients."));
            switch (args)
            {
                case [] or ["list"]: List(file, output, clock.GetUtcNow()); return 0;
                case ["add", var id, .. var options]: Add(file, id, Order.Read(options, "organisation", "scopes", "key", "kid"), input); break;
                case ["rotate", var id, .. var options]: Rotate(file, id, Order.Read(options, "key", "kid", "overlap"), input, clock.GetUtcNow()); break;
                case ["disable", var id]: Switch(file, id, disabled: true); break;
                case ["enable", var id]: Switch(file, id, disabled: false); break;
                default: output.WriteLine(Usage); return 2;
            }

            output.WriteLine($"{args[1]}: {args[0]} done; in force within two seconds");
            return 0;
        }
        catch (Exception exception) when (exception is BadOrderException or BadClientsFileException or IOException or UnauthorizedAccessException)
        {
            output.WriteLine($"REFUSED: {exception.Message}");
            output.WriteLine("Nothing was changed.");
            return 1;
        }
    }

    private static void Add(ClientsFileOnDisk file, string id, Order order, TextReader input) => file.Change(clients =>
    {
        if (Find(clients, id) is not null) throw new BadOrderException($"the id {id} is taken. A further key: clients rotate {id} --key FILE");
        clients.Add(new JsonObject
        {
            ["id"] = id,
            ["organisation"] = order.Required("organisation"),
            ["scopes"] = new JsonArray([.. order.Required("scopes").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(scope => (JsonNode)scope)]),
            ["jwks"] = new JsonObject { ["keys"] = new JsonArray([.. order.Keys(input)]) },
        });
    });

    private static void Rotate(ClientsFileOnDisk file, string id, Order order, TextReader input, DateTimeOffset now) => file.Change(clients =>
    {
        var client = Known(clients, id);
        if (client["jwks"]?["keys"] is not JsonArray keys) throw new BadOrderException($"{id} has a secret and no keys: nothing to rotate.");
        var added = order.Keys(input);
        var until = now + order.Overlap();
        // What has ended is gone for good, so that the file does not grow.
        foreach (var ended in keys.Where(key => Until(key) <= now).ToList()) keys.Remove(ended);
        foreach (var former in keys)
            if (Until(former) is not { } earlier || earlier > until) former!["until"] = until.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        added.ForEach(keys.Add);
    });

    private static void Switch(ClientsFileOnDisk file, string id, bool disabled) => file.Change(clients =>
    {
        var client = Known(clients, id);
        if (((bool?)client["disabled"] ?? false) == disabled) throw new BadOrderException($"{id} is {(disabled ? "disabled" : "not disabled")} already.");
        if (disabled) client["disabled"] = true;
        else client.Remove("disabled");
    });

    private static void List(ClientsFileOnDisk file, TextWriter output, DateTimeOffset now)
    {
        output.WriteLine($"{"client",-26}{"organisation",-14}{"state",-10}{"keys",-44}scopes");
        foreach (var client in file.Read().OfType<JsonObject>())
        {
            var keys = client["jwks"]?["keys"]?.AsArray().Where(key => Until(key) is not { } until || until > now)
                .Select(key => Until(key) is { } until ? $"{key!["kid"]} (until {until:yyyy-MM-dd HH:mm})" : $"{key!["kid"]}");
            output.WriteLine(
                $"{client["id"],-26}{client["organisation"],-14}{((bool?)client["disabled"] ?? false ? "disabled" : "enabled"),-10}{(keys is null ? "a secret" : string.Join(", ", keys)),-44}{string.Join(' ', client["scopes"]!.AsArray())}");
        }
    }

    private static DateTimeOffset? Until(JsonNode? key) =>
        (string?)key?["until"] is { } text ? DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal) : null;

    private static JsonObject? Find(JsonArray clients, string id) => clients.OfType<JsonObject>().FirstOrDefault(client => (string?)client["id"] == id);

    private static JsonObject Known(JsonArray clients, string id) =>
        Find(clients, id) ?? throw new BadOrderException($"there is no client {id}. clients list shows those there are.");
}

/// <summary>An order that cannot be carried out; says why in words for the operator.</summary>
internal sealed class BadOrderException(string message) : Exception(message);
