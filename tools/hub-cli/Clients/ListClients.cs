using System.Globalization;
using System.Text.Json.Nodes;
using Spectre.Console.Cli;

namespace Safeguarding.Cli.Clients;

/// <summary><c>clients [list]</c>: the clients, their scopes and their keys.</summary>
internal sealed class ListClients(Terminal terminal) : Command<ListClients.Settings>
{
    public override int Execute(CommandContext context, Settings settings, CancellationToken cancellationToken)
    {
        var now = terminal.Clock.GetUtcNow();
        var rows = new ClientsFileOnDisk(Place.Register)
            .Read()
            .OfType<JsonObject>()
            .Select(client => new Row(
                (string)client["id"]!,
                (string)client["organisation"]!,
                (bool?)client["disabled"] ?? false,
                [.. (client["scopes"]?.AsArray() ?? []).Select(scope => (string)scope!)],
                client["secret"] is not null,
                [
                    .. (client["jwks"]?["keys"]?.AsArray() ?? [])
                        .Select(key => new Key((string)key!["kid"]!, ClientsFileOnDisk.Until(key)))
                        .Where(key => key.Until is not { } until || until > now),
                ]
            ))
            .ToList();
        terminal.List(
            settings.Json,
            rows,
            "There are no clients.",
            new("client", row => row.Client),
            new("of", row => row.Organisation),
            new("state", row => row.Disabled ? "disabled" : "enabled", Style: row => row.Disabled ? "bold red" : null),
            new("keys", row => row.HasSecret ? "a secret" : string.Join('\n', row.Keys.Select(Text))),
            new("scopes", row => row.Scopes is [] ? "those of the people who sign in" : string.Join(' ', row.Scopes))
        );
        return ExitCode.Well;
    }

    private static string Text(Key key) =>
        key.Until is { } until
            ? string.Create(CultureInfo.InvariantCulture, $"{key.Kid} until {until:yyyy-MM-dd HH:mm}")
            : key.Kid;

    internal sealed class Settings : ListingSettings;

    private sealed record Row(
        string Client,
        string Organisation,
        bool Disabled,
        IReadOnlyList<string> Scopes,
        bool HasSecret,
        IReadOnlyList<Key> Keys
    );

    private sealed record Key(string Kid, DateTimeOffset? Until);
}
