using System.ComponentModel;
using Spectre.Console.Cli;

namespace Safeguarding.Cli.Replay;

/// <summary><c>replay stop ID</c>: takes back what of a replay of deliveries still waits.</summary>
internal sealed class StopReplay(Terminal terminal) : AsyncCommand<StopReplay.Settings>
{
    public override async Task<int> ExecuteAsync(
        CommandContext context,
        Settings settings,
        CancellationToken cancellationToken
    )
    {
        var hub = HubAddresses.FromEnvironment();
        using var operations = await Operations.ConnectAsync(hub);
        var stop = (
            await operations.SendJsonAsync(
                HttpMethod.Post,
                hub.Notification,
                $"/deliveries/replays/{settings.Id}/stop",
                new { }
            )
        ).Expect("stopping", 200);
        terminal.Say($"stopped: {stop.Body!["deliveries"]} deliveries are again what they were");
        return ExitCode.Well;
    }

    internal sealed class Settings : CommandSettings
    {
        [CommandArgument(0, "<ID>")]
        [Description("Of which replay; replay list shows them.")]
        public Guid Id { get; init; }
    }
}
