using System.ComponentModel;
using System.Globalization;
using Spectre.Console.Cli;

namespace Safeguarding.Cli.Status;

/// <summary>
/// <c>status</c>: one screen of what runs and what waits. Exits with 1 where something needs
/// somebody.
/// </summary>
internal sealed class ShowStatus(Terminal terminal) : AsyncCommand<ShowStatus.Settings>
{
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(5);

    public override async Task<int> ExecuteAsync(
        CommandContext context,
        Settings settings,
        CancellationToken cancellationToken
    )
    {
        var state = await HubState.ReadAsync(terminal.Clock, cancellationToken);
        while (settings.Watch)
        {
            terminal.Output.Clear(home: true);
            Show(state);
            terminal.Say(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{terminal.Clock.GetUtcNow():HH:mm:ss} UTC, every 5 s; Ctrl-C ends it"
                )
            );
            await Task.Delay(Pace, terminal.Clock, cancellationToken);
            state = await HubState.ReadAsync(terminal.Clock, cancellationToken);
        }

        if (settings.Json)
            terminal.ShowJson(state);
        else
            Show(state);
        return state.NeedsYou.Count == 0 ? ExitCode.Well : ExitCode.NeedsYou;
    }

    private void Show(HubState state)
    {
        terminal.Show(
            Terminal.TableOf(
                state.Services,
                new("service", row => row.Name),
                new("", row => row.State, Style: row => row.State == "ready" ? "green" : "bold red"),
                new("address", row => row.Address),
                new("process", row => row.Process?.ToString(CultureInfo.InvariantCulture), Right: true),
                new("up", row => row.RunningFor, Right: true)
            )
        );
        if (state.Councils.Count > 0)
        {
            terminal.Show(
                Terminal.TableOf(
                    state.Councils,
                    new("council", row => row.Council),
                    new("alerts waiting", row => Text(row.AlertsWaiting), Right: true),
                    new("oldest", row => row.OldestAlert, Right: true),
                    new("deliveries waiting", row => Text(row.DeliveriesWaiting), Right: true),
                    new("oldest", row => row.OldestDelivery, Right: true),
                    new(
                        "parked",
                        row => Text(row.Parked),
                        Right: true,
                        Style: row => row.Parked > 0 ? "bold red" : null
                    )
                )
            );
        }
        else
        {
            terminal.Say("Nothing waits for any council.");
        }

        terminal.Show(
            Terminal.TableOf(
                state.Outboxes,
                new("outbox", row => row.Service),
                new("unsent", row => row.Fault ?? Text(row.Unsent), Right: true),
                new("oldest", row => row.Oldest, Right: true),
                new("unreceived", row => Text(row.Unreceived), Right: true),
                new("parked", row => Text(row.Parked), Right: true, Style: row => row.Parked > 0 ? "bold red" : null)
            )
        );
        if (state.Queues.Count > 0)
        {
            terminal.Show(
                Terminal.TableOf(
                    state.Queues,
                    new("queue", row => row.Name),
                    new("ready", row => Text(row.Ready), Right: true),
                    new("taken", row => Text(row.Taken), Right: true),
                    new("consumers", row => Text(row.Consumers), Right: true)
                )
            );
        }

        if (state.NeedsYou.Count == 0)
            terminal.Say("All is well.");
        foreach (var need in state.NeedsYou)
            terminal.Say($"NEEDS YOU: {need}");
    }

    private static string Text(long? count) => count?.ToString(CultureInfo.InvariantCulture) ?? "-";

    internal sealed class Settings : ListingSettings
    {
        [CommandOption("--watch")]
        [Description("Stay, and show it again every 5 seconds.")]
        public bool Watch { get; init; }
    }
}
