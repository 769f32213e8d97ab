using System.ComponentModel;
using Spectre.Console.Cli;

namespace Safeguarding.Cli.Run;

/// <summary>
/// <c>down</c>, where the services are processes of this machine: stops exactly what <c>up</c>
/// started.
/// </summary>
internal sealed class StopHub(Terminal terminal) : AsyncCommand<StopHub.Settings>
{
    public override async Task<int> ExecuteAsync(
        CommandContext context,
        Settings settings,
        CancellationToken cancellationToken
    )
    {
        foreach (var service in ServiceProcess.All.Reverse())
            await service.StopAsync(terminal.Say);
        if (Place.Setting("HUB_SERVERS_DIRECTORY") is { } folder)
            await NativeServers.StopAsync(folder, settings.Wipe, terminal.Say);
        File.Delete(Path.Combine(Place.State, "way"));
        if (settings.Wipe)
        {
            foreach (var part in (string[])["secrets", "app", "run", "dotnet"])
            {
                if (Path.Combine(Place.State, part) is var path && Directory.Exists(path))
                    Directory.Delete(path, recursive: true);
            }

            if (Place.Setting("HUB_WAY") == "given")
                terminal.Say("The given servers keep database hub, its roles, and virtual host hub: drop them there.");
        }

        terminal.Say(settings.Wipe ? "down, data deleted" : "down, data kept (./hub down --wipe deletes it)");
        return ExitCode.Well;
    }

    internal sealed class Settings : CommandSettings
    {
        [CommandOption("--wipe")]
        [Description("Delete the data and the secrets too.")]
        public bool Wipe { get; init; }
    }
}
