using System.ComponentModel;
using System.Text.Json.Nodes;
using Spectre.Console.Cli;

namespace Safeguarding.Cli.Clients;

/// <summary>
/// <c>secret [CLIENT]</c>: a development client's secret, for curl; without a name, which clients there
/// are.
/// </summary>
internal sealed class ShowSecret(Terminal terminal) : Command<ShowSecret.Settings>
{
    public override int Execute(CommandContext context, Settings settings, CancellationToken cancellationToken)
    {
        var clients = HubClient.Credentials(Place.Credentials);
        if (settings.Dotenv)
        {
            foreach (var client in clients.Where(client => client!["secret"] is not null))
                terminal.Say($"{((string)client!["id"]!).Replace('-', '_').ToUpperInvariant()}={client["secret"]}");
            return ExitCode.Well;
        }

        if (settings.Client is { } wanted)
        {
            terminal.Say(
                (string?)HubClient.Find(clients, wanted)["secret"]
                    ?? throw new RefusedException(
                        $"{wanted} signs and has no secret. ./hub token {wanted} gets a token for it."
                    )
            );
            return ExitCode.Well;
        }

        var rows = clients
            .Select(client => new Row(
                (string)client!["id"]!,
                (string)client["organisation"]!,
                client["secret"] is null ? "signs" : "secret",
                [.. client["scopes"]!.AsArray().Select(scope => (string)scope!)]
            ))
            .ToList();
        terminal.List(
            settings.Json,
            rows,
            "There are no development clients.",
            new("client", row => row.Client),
            new("of", row => row.Organisation),
            new("proves itself by", row => row.ProvesItselfBy),
            new("scopes", row => string.Join(' ', row.Scopes))
        );
        return ExitCode.Well;
    }

    internal sealed class Settings : ListingSettings
    {
        [CommandArgument(0, "[CLIENT]")]
        [Description("Whose secret. Without it, all are listed, and no secret is shown.")]
        public string? Client { get; init; }

        [CommandOption("--dotenv")]
        [Description("All secrets, as the .env file that the services' .http files read.")]
        public bool Dotenv { get; init; }
    }

    private sealed record Row(string Client, string Organisation, string ProvesItselfBy, IReadOnlyList<string> Scopes);
}
