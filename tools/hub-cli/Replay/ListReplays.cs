using System.Globalization;
using Spectre.Console.Cli;

namespace Safeguarding.Cli.Replay;

/// <summary><c>replay list</c>: the replays of deliveries, and how far they are.</summary>
internal sealed class ListReplays(Terminal terminal) : AsyncCommand<ListReplays.Settings>
{
    public override async Task<int> ExecuteAsync(
        CommandContext context,
        Settings settings,
        CancellationToken cancellationToken
    )
    {
        var hub = HubAddresses.FromEnvironment();
        using var operations = await Operations.ConnectAsync(hub);
        var replays = (await operations.GetAsync(hub.Notification, "/deliveries/replays"))
            .Expect("the list", 200)
            .Body!.AsArray()
            .Select(replay => new Row(
                (string)replay!["id"]!,
                (DateTimeOffset)replay["askedAt"]!,
                (string?)replay["askedBy"],
                (long)replay["deliveries"]!,
                (long)replay["waiting"]!,
                (DateTimeOffset?)replay["stoppedAt"],
                (string?)replay["reason"]
            ))
            .ToList();
        terminal.List(
            settings.Json,
            replays,
            "There were none.",
            new("id", row => row.Id),
            new("asked", row => row.AskedAt.ToString("u", CultureInfo.InvariantCulture)[..16]),
            new("sent", row => row.Deliveries.ToString(CultureInfo.InvariantCulture), Right: true),
            new(
                "waiting",
                row => row.StoppedAt is null ? row.Waiting.ToString(CultureInfo.InvariantCulture) : "stopped",
                Right: true
            ),
            new("reason", row => row.Reason)
        );
        return ExitCode.Well;
    }

    internal sealed class Settings : ListingSettings;

    private sealed record Row(
        string Id,
        DateTimeOffset AskedAt,
        string? AskedBy,
        long Deliveries,
        long Waiting,
        DateTimeOffset? StoppedAt,
        string? Reason
    );
}
