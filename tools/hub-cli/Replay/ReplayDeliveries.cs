using System.ComponentModel;
using System.Globalization;
using System.Text.Json.Nodes;
using Spectre.Console.Cli;

namespace Safeguarding.Cli.Replay;

/// <summary><c>replay deliveries</c>: deliveries to councils' endpoints once more.</summary>
internal sealed class ReplayDeliveries(Terminal terminal) : AsyncCommand<ReplayDeliveries.Settings>
{
    public override async Task<int> ExecuteAsync(
        CommandContext context,
        Settings settings,
        CancellationToken cancellationToken
    )
    {
        var request = settings.Request(terminal.Clock.GetUtcNow());
        request["council"] = settings.Council;
        request["subscriptionId"] = settings.Endpoint;
        request["states"] = new JsonArray([
            .. settings.States.Split(',', StringSplitOptions.TrimEntries).Select(state => (JsonNode)state),
        ]);
        var hub = HubAddresses.FromEnvironment();
        using var operations = await Operations.ConnectAsync(hub);
        var dry = (await operations.SendJsonAsync(HttpMethod.Post, hub.Notification, "/deliveries/replay", request))
            .Expect("the dry run", 200)
            .Body!;
        if (settings.Expect is null)
        {
            var groups = dry["groups"]!
                .AsArray()
                .Select(group => new Group(
                    (string)group!["council"]!,
                    (string)group["state"]!,
                    (long)group["deliveries"]!
                ))
                .ToList();
            terminal.List(
                settings.Json,
                groups,
                "",
                new("council", row => row.Council),
                new("state", row => row.State),
                new("deliveries", row => row.Deliveries.ToString(CultureInfo.InvariantCulture), Right: true)
            );
            terminal.Warn(
                $"{dry["deliveries"]} deliveries fit; nothing was sent. To send them, add: --expect {dry["deliveries"]} --reason \"WHY\""
            );
            return ExitCode.Well;
        }

        request["dryRun"] = false;
        request["expect"] = settings.Expect;
        request["nonce"] = dry["nonce"]!.DeepClone();
        request["reason"] = settings.Reason;
        var done = (await operations.SendJsonAsync(HttpMethod.Post, hub.Notification, "/deliveries/replay", request))
            .Expect("the replay", 200)
            .Body!;
        if (settings.Json)
        {
            terminal.ShowJson(done);
        }
        else
        {
            terminal.Say(
                $"replay {done["nonce"]}: {done["deliveries"]} deliveries, the last due at {done["lastDueAt"]}.\nTo stop it: ./hub replay stop {done["nonce"]}"
            );
        }

        return ExitCode.Well;
    }

    internal sealed class Settings : ReplaySettings
    {
        [CommandOption("--council <GSS>")]
        [Description("Of one council.")]
        public string? Council { get; init; }

        [CommandOption("--endpoint <ID>")]
        [Description("Of one subscription.")]
        public string? Endpoint { get; init; }

        [CommandOption("--states <STATES>")]
        [Description("parked, delivered, or both with a comma.")]
        [DefaultValue("parked")]
        public required string States { get; init; }
    }

    private sealed record Group(string Council, string State, long Deliveries);
}
