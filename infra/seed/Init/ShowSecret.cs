using System.Text.Json.Nodes;

namespace Safeguarding.Seed.Init;

/// <summary><c>secret [CLIENT]</c>: a development client's secret, for curl; without a name, which clients there are.</summary>
internal static class ShowSecret
{
    public static int Run(string[] options)
    {
        var file = Environment.GetEnvironmentVariable("HUB_CREDENTIALS_FILE") ?? throw new InvalidOperationException("HUB_CREDENTIALS_FILE is missing");
        var clients = JsonNode.Parse(File.ReadAllText(file))!["clients"]!.AsArray();
        if (options is not [var wanted])
        {
            foreach (var client in clients)
                Console.WriteLine($"{client!["id"],-24}{client["organisation"],-12}{(client["secret"] is null ? "signs" : "secret"),-8}{string.Join(' ', client["scopes"]!.AsArray())}");
            return 0;
        }

        if (clients.FirstOrDefault(client => (string?)client!["id"] == wanted)?["secret"] is not { } secret)
        {
            Console.Error.WriteLine($"{wanted} is not a client with a secret; without a name, all are listed.");
            return 1;
        }

        Console.WriteLine(secret);
        return 0;
    }
}
