using System.ComponentModel;
using Spectre.Console.Cli;

namespace Safeguarding.Cli.Prove;

/// <summary>
/// <c>prove</c>: for a window of time, that every accepted encounter came to its end: unmatched, in review or alerted,
/// and every alert acknowledged, refused, waiting, parked or withdrawn. What nobody can account for is listed by id.
/// </summary>
/// <remarks>Exit codes: 0 whole, 1 gaps, 4 nothing could be proved.</remarks>
internal sealed class ProveNothingIsLost(Terminal terminal) : AsyncCommand<ProveNothingIsLost.Settings>
{
    private static readonly DateTimeOffset BeforeTheHub = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);
    private static readonly string[] AlertStates = ["acknowledged", "refused", "waiting", "parked", "withdrawn"];

    public override async Task<int> ExecuteAsync(
        CommandContext context,
        Settings settings,
        CancellationToken cancellationToken
    )
    {
        var now = terminal.Clock.GetUtcNow();
        var to = settings.To is { } until ? Moments.Point("--to", until, now) : now;
        var from = settings.From is { } since ? Moments.Point("--from", since, now) : to - Day;
        if (to <= from)
            throw RefusedException.Misused("--to must be after --from.");
        try
        {
            var hub = HubAddresses.FromEnvironment();
            using var operations = await HubClient.ConnectAsync(hub, settings.Client ?? Operations.ClientId);
            using HttpClient planRegistry = operations.At(hub.PlanRegistry),
                encounterIngest = operations.At(hub.EncounterIngest),
                matching = operations.At(hub.Matching),
                notification = operations.At(hub.Notification);
            var holdings = new HubHoldings(planRegistry, encounterIngest, matching, notification);
            var lines = new List<string>();
            var code = await terminal.WithProgressAsync("comparing what the services hold", report =>
                RunAsync(holdings, from, to, lines.Add, report, cancellationToken)
            );
            if (settings.Json)
                ShowJson(from, to, code, lines);
            else
                lines.ForEach(terminal.Say);
            return code;
        }
        catch (Exception exception)
            when (exception
                    is CannotProveException
                        or CallFailedException
                        or HttpRequestException
                        or TaskCanceledException
            )
        {
            throw new RefusedException($"Nothing is proved: {exception.Message}", ExitCode.CouldNotCheck);
        }
    }

    private void ShowJson(DateTimeOffset from, DateTimeOffset to, int code, List<string> lines) =>
        terminal.ShowJson(
            new
            {
                from,
                to,
                whole = code == ExitCode.Well,
                gaps = lines
                    .Where(line => line.StartsWith("GAP ", StringComparison.Ordinal))
                    .Select(line => line["GAP ".Length..]),
                parked = lines
                    .Where(line => line.StartsWith("PARKED ", StringComparison.Ordinal))
                    .Select(line => line["PARKED ".Length..]),
            }
        );

    internal static async Task<int> RunAsync(
        HubHoldings hub,
        DateTimeOffset from,
        DateTimeOffset to,
        Action<string> say,
        Action<double> report,
        CancellationToken cancellationToken
    )
    {
        var window = Window.Of(from, to);
        var encounters = await new Comparison("encounters", hub.EncounterIngest, hub.Matching).RunAsync(
            window,
            cancellationToken
        );
        report(1 / 3d);
        var alerts = await new Comparison("alerts", hub.Matching, hub.Notification).RunAsync(window, cancellationToken);
        report(2 / 3d);
        // A plan that was lost on its way raises nothing, whenever it was registered: so all of them, not only the
        // window's. The registry forgets a plan twelve months after its end.
        var plans = await new Comparison("plans", hub.PlanRegistry, hub.Matching, senderForgets: true).RunAsync(
            Window.Of(BeforeTheHub, to),
            cancellationToken
        );

        say(Text($"from {from:u} to {to:u}\n\nencounters accepted {encounters.Sent.Total, 12:n0}"));
        foreach (var state in encounters.Held.States)
            say(Text($"  {state.State, -18}{state.Count, 12:n0}"));
        Line(say, "on the way", encounters.OnTheWay);
        Line(say, "parked on the bus", encounters.Parked.Count);

        say(Text($"\n{"alerts", -12}{string.Concat(AlertStates.Select(state => $"{state, 14}"))}"));
        foreach (var council in alerts.Held.States.GroupBy(state => state.Council))
        {
            say(
                Text(
                    $"  {council.Key, -10}{string.Concat(AlertStates.Select(state => $"{council.Where(row => row.State == state).Sum(row => row.Count), 14:n0}"))}"
                )
            );
        }

        Line(say, "on the way", alerts.OnTheWay);
        Line(say, "parked on the bus", alerts.Parked.Count);

        say(
            Text(
                $"\nplans on registers {plans.Sent.States.Where(state => state.State == "held").Sum(state => state.Count), 13:n0}"
            )
        );
        Line(say, "on the way", plans.OnTheWay);
        Line(say, "parked on the bus", plans.Parked.Count);

        foreach (var service in hub.All.Where(service => service.ParkedMessages > 0))
        {
            say(
                Text(
                    $"{service.ParkedMessages:n0} messages are parked at {service.Service}: GET /ops/parked there says why"
                )
            );
        }

        foreach (var parked in (Gap[])[.. encounters.Parked, .. alerts.Parked, .. plans.Parked])
            say(Text($"PARKED {parked}"));
        (string Of, Gap Gap)[] gaps =
        [
            .. encounters.Gaps.Select(gap => ("encounter", gap)),
            .. alerts.Gaps.Select(gap => ("alert of encounter", gap)),
            .. plans.Gaps.Select(gap => ("plan", gap)),
        ];
        foreach (var (of, gap) in gaps)
            say(Text($"GAP {of} {gap}"));
        say(
            gaps.Length == 0
                ? Text(
                    $"\nWHOLE: all {encounters.Sent.Total:n0} encounters, {alerts.Sent.Total:n0} alerts and {plans.Sent.Total:n0} plans are accounted for."
                )
                : Text(
                    $"\n{gaps.Length:n0} GAPS in {encounters.Sent.Total:n0} encounters, {alerts.Sent.Total:n0} alerts and {plans.Sent.Total:n0} plans."
                )
        );
        return gaps.Length == 0 ? 0 : 1;
    }

    private static void Line(Action<string> say, string what, long count) => say(Text($"  {what, -18}{count, 12:n0}"));

    private static string Text(FormattableString text) => FormattableString.Invariant(text);

    internal sealed class Settings : ListingSettings
    {
        [CommandOption("--from <TIME>")]
        [Description("From when: 2026-11-25T09:00Z, or how long ago, as 6h. Default: a day before --to.")]
        public string? From { get; init; }

        [CommandOption("--to <TIME>")]
        [Description("Until when. Default: now.")]
        public string? To { get; init; }

        [CommandOption("--client <ID>")]
        [Description("Which client asks. Default: HUB_OPERATIONS_CLIENT, or hub-operations.")]
        public string? Client { get; init; }
    }
}

/// <summary>The four services, each asked for itself.</summary>
internal sealed record HubHoldings(
    Holdings PlanRegistry,
    Holdings EncounterIngest,
    Holdings Matching,
    Holdings Notification
)
{
    public IReadOnlyList<Holdings> All => [PlanRegistry, EncounterIngest, Matching, Notification];

    public HubHoldings(
        HttpClient planRegistry,
        HttpClient encounterIngest,
        HttpClient matching,
        HttpClient notification
    )
        : this(
            new Holdings("plan-registry", planRegistry),
            new Holdings("encounter-ingest", encounterIngest),
            new Holdings("matching", matching),
            new Holdings("notification", notification)
        ) { }
}
