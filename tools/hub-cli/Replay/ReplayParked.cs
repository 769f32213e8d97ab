using System.ComponentModel;
using System.Globalization;
using Spectre.Console.Cli;

namespace Safeguarding.Cli.Replay;

/// <summary>
/// <c>replay parked SERVICE</c>: messages that a service has set aside, to be taken once more. Ctrl-C stops it
/// between two of them.
/// </summary>
internal sealed class ReplayParked(Terminal terminal) : AsyncCommand<ReplayParked.Settings>
{
    public override async Task<int> ExecuteAsync(
        CommandContext context,
        Settings settings,
        CancellationToken cancellationToken
    )
    {
        var request = settings.Request(terminal.Clock.GetUtcNow());
        request["consumer"] = settings.Consumer;
        request["parkedFor"] = settings.ParkedFor;
        var hub = HubAddresses.FromEnvironment();
        var service = hub.Get(settings.Service);
        using var operations = await Operations.ConnectAsync(hub);
        var dry = (await operations.SendJsonAsync(HttpMethod.Post, service, "/ops/parked/replay", request))
            .Expect("the dry run", 200)
            .Body!;
        if (settings.Expect is null)
        {
            var groups = dry["groups"]!
                .AsArray()
                .Select(group => new Group(
                    (string)group!["consumer"]!,
                    (string?)group["parkedFor"],
                    (long)group["messages"]!
                ))
                .ToList();
            terminal.List(
                settings.Json,
                groups,
                "",
                new("consumer", row => row.Consumer),
                new("parked for", row => row.ParkedFor),
                new("messages", row => row.Messages.ToString(CultureInfo.InvariantCulture), Right: true)
            );
            terminal.Warn(
                $"{dry["messages"]} parked messages of {settings.Service} fit; nothing was replayed. To replay them, add: --expect {dry["messages"]} --reason \"WHY\""
            );
            return ExitCode.Well;
        }

        request["dryRun"] = false;
        request["expect"] = settings.Expect;
        request["reason"] = settings.Reason;
        var done = (await operations.SendJsonAsync(HttpMethod.Post, service, "/ops/parked/replay", request))
            .Expect("the replay", 200)
            .Body!;
        if (settings.Json)
        {
            terminal.ShowJson(done);
        }
        else
        {
            terminal.Say(
                $"replayed {done["replayed"]}, taken by somebody else {done["takenBefore"]}, not readable by this version {done["notReplayable"]}.\nWhat failed again is parked again."
            );
        }

        return ExitCode.Well;
    }

    internal sealed class Settings : ReplaySettings
    {
        [CommandArgument(0, "<SERVICE>")]
        [Description("plan-registry, encounter-ingest, matching or notification.")]
        public required string Service { get; init; }

        [CommandOption("--consumer <QUEUE>")]
        [Description("Of one consumer.")]
        public string? Consumer { get; init; }

        [CommandOption("--parked-for <CAUSE>")]
        [Description("For one cause.")]
        public string? ParkedFor { get; init; }
    }

    private sealed record Group(string Consumer, string? ParkedFor, long Messages);
}
