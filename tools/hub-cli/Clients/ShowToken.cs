using System.ComponentModel;
using Spectre.Console.Cli;

namespace Safeguarding.Cli.Clients;

/// <summary>
/// <c>token CLIENT</c>: an access token of a development client, got by its signed assertion or its
/// secret.
/// </summary>
internal sealed class ShowToken(Terminal terminal) : AsyncCommand<ShowToken.Settings>
{
    public override async Task<int> ExecuteAsync(
        CommandContext context,
        Settings settings,
        CancellationToken cancellationToken
    )
    {
        using var client = await HubClient.ConnectAsync(HubAddresses.FromEnvironment(), settings.Client);
        terminal.Say(client.Token);
        return ExitCode.Well;
    }

    internal sealed class Settings : CommandSettings
    {
        [CommandArgument(0, "<CLIENT>")]
        [Description("Which client; ./hub secret lists them.")]
        public required string Client { get; init; }
    }
}
