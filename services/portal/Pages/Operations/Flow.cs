using Safeguarding.Portal.Services;

namespace Safeguarding.Portal.Pages.Operations;

/// <summary>How a part of the flow is.</summary>
internal enum FlowState
{
    /// <summary>Nothing waits longer than a moment.</summary>
    Moves,

    /// <summary>Something waits, and not for long.</summary>
    Waits,

    /// <summary>Something waits that needs somebody.</summary>
    Stuck,

    /// <summary>Who would say it does not answer.</summary>
    Unknown,
}

/// <summary>A stretch of the way from a trust or a register to a council.</summary>
/// <param name="From">Where it begins.</param>
/// <param name="To">Where it ends.</param>
/// <param name="What">What goes along it.</param>
/// <param name="LastHour">How many in the last hour; null where nobody says.</param>
/// <param name="Waiting">How many wait; null where nobody says.</param>
/// <param name="Since">Since when the oldest waits.</param>
/// <param name="State">How it is.</param>
/// <param name="Remark">What else is to know, in words.</param>
internal sealed record FlowLine(
    string From,
    string To,
    string What,
    long? LastHour,
    long? Waiting,
    DateTimeOffset? Since,
    FlowState State,
    string? Remark = null
)
{
    public string StateInWords =>
        State switch
        {
            FlowState.Moves => "Moves",
            FlowState.Waits => "Waits",
            FlowState.Stuck => "Stuck",
            _ => "Not known",
        };

    public string StateColour =>
        State switch
        {
            FlowState.Moves => "green",
            FlowState.Waits => "yellow",
            FlowState.Stuck => "red",
            _ => "grey",
        };
}

/// <summary>A box of the picture.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Column">From the left.</param>
/// <param name="Row">0 above, 1 in the middle, 2 below.</param>
/// <param name="State">How it is.</param>
/// <param name="Words">Under its name.</param>
internal sealed record FlowBox(string Name, int Column, int Row, FlowState State, string Words)
{
    public const int Width = 140;
    public const int Height = 64;

    public int X => 2 + Column * 208;

    public int Y => 8 + Row * 70;
}

/// <summary>The way of encounters and plans to councils, drawn on the server; a table says the same.</summary>
/// <param name="Lines">Each stretch.</param>
/// <param name="Boxes">What lies between them.</param>
internal sealed record Flow(IReadOnlyList<FlowLine> Lines, IReadOnlyList<FlowBox> Boxes)
{
    public const int Width = 972;
    public const int Height = 222;

    public const string Trusts = "Trusts";
    public const string Registers = "Registers";
    public const string Councils = "Councils";

    // What a listener does not have after that is no delay of the moment.
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private static readonly (string Name, int Column, int Row)[] s_places =
    [
        (Trusts, 0, 0),
        (Registers, 0, 2),
        ("encounter-ingest", 1, 0),
        ("plan-registry", 1, 2),
        ("matching", 2, 1),
        ("notification", 3, 1),
        (Councils, 4, 1),
    ];

    /// <summary>Puts what was read on its way.</summary>
    public static Flow Of(OperationsModel read, DateTimeOffset now)
    {
        var steps = read.Steps.Select(step => step.Value).OfType<FlowStep>().ToList();
        FlowStep? Step(string from) => steps.FirstOrDefault(step => step.From == from);
        var (encounters, plans, alerts) = (Step("encounter-ingest"), Step("plan-registry"), Step("matching"));
        List<FlowLine> lines =
        [
            Door(Trusts, "encounter-ingest", "encounters", encounters?.LastHour, read.Trusts),
            Door(Registers, "plan-registry", "plans", plans?.LastHour, read.Registers),
            Between("encounter-ingest", "matching", "encounters", encounters, read, now),
            Between("plan-registry", "matching", "plans", plans, read, now),
            Between("matching", "notification", "alerts", alerts, read, now),
            ToCouncils(alerts, read, now),
        ];
        return new Flow(lines, [.. s_places.Select(place => Box(place.Name, place.Column, place.Row, read))]);
    }

    private static FlowLine Door(
        string from,
        string to,
        string what,
        long? lastHour,
        Part<IReadOnlyList<SilentSource>> silent
    ) =>
        new(
            from,
            to,
            what,
            lastHour,
            null,
            silent.Value is [_, ..] sources ? sources.Min(source => source.LastArrivalAt) : null,
            silent.Value is null || lastHour is null ? FlowState.Unknown
                : silent.Value is [] ? FlowState.Moves
                : FlowState.Stuck,
            silent.Value is { Count: > 0 and var count } ? $"{count} silent" : null
        );

    private static FlowLine Between(
        string from,
        string to,
        string what,
        FlowStep? step,
        OperationsModel read,
        DateTimeOffset now
    ) =>
        new(
            from,
            to,
            what,
            step?.LastHour,
            step?.Waiting,
            step?.WaitingSince,
            step is null ? FlowState.Unknown
                : read.Services.Any(service => service.Service == from && service.SendsItsEvents is false)
                || step.WaitingSince + Patience < now
                    ? FlowState.Stuck
                : step.Waiting > 0 ? FlowState.Waits
                : FlowState.Moves
        );

    private static FlowLine ToCouncils(FlowStep? alerts, OperationsModel read, DateTimeOffset now)
    {
        if (read.Councils.Value is not { } councils)
            return new("notification", Councils, "deliveries", alerts?.LastHour, null, null, FlowState.Unknown);
        var (waiting, parked) = (councils.Sum(one => one.DeliveriesWaiting), councils.Sum(one => one.DeliveriesParked));
        var since = councils.Min(one => one.OldestDeliveryMadeAt);
        return new(
            "notification",
            Councils,
            "deliveries",
            alerts?.LastHour,
            waiting,
            since,
            parked > 0 || since + Patience < now ? FlowState.Stuck
                : waiting > 0 ? FlowState.Waits
                : FlowState.Moves,
            parked > 0 ? $"{parked} parked" : null
        );
    }

    private static FlowBox Box(string name, int column, int row, OperationsModel read)
    {
        if (read.Services.FirstOrDefault(service => service.Service == name) is { } service)
        {
            var parked = read.Parked.SelectMany(part => part.Value ?? []).Count(message => message.Service == name);
            return new(
                name,
                column,
                row,
                !service.IsReady || parked > 0 ? FlowState.Stuck : FlowState.Moves,
                !service.IsReady ? "No answer"
                    : parked > 0 ? $"{parked} parked"
                    : "Answers"
            );
        }

        var (state, words) = name switch
        {
            Trusts => OfSources(read.Trusts),
            Registers => OfSources(read.Registers),
            _ => read.Failing.Value switch
            {
                null => (FlowState.Unknown, "Not known"),
                [] => (FlowState.Moves, "All answer"),
                var failing => (FlowState.Stuck, $"{failing.Count} failing"),
            },
        };
        return new(name, column, row, state, words);
    }

    private static (FlowState State, string Words) OfSources(Part<IReadOnlyList<SilentSource>> silent) =>
        silent.Value switch
        {
            null => (FlowState.Unknown, "Not known"),
            [] => (FlowState.Moves, "None silent"),
            var sources => (FlowState.Stuck, $"{sources.Count} silent"),
        };

    /// <summary>The box of that name.</summary>
    public FlowBox BoxOf(string name) => Boxes.Single(box => box.Name == name);
}

/// <summary>Something that needs an operator, and the page of the runbook that says what to do.</summary>
/// <param name="Page">Of the runbook, by the alarm's uid.</param>
/// <param name="Words">What is seen.</param>
internal sealed record Alarm(string Page, string Words)
{
    // As infra/telemetry/alarms has it.
    private static readonly TimeSpan DeliveriesMayWait = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan AlertsMayWait = TimeSpan.FromMinutes(15);

    /// <summary>What can be told from what this page reads; the rest is Grafana's.</summary>
    public static IEnumerable<Alarm> Of(OperationsModel read, Flow flow, DateTimeOffset now)
    {
        foreach (var service in read.Services)
        {
            if (!service.IsReady)
                yield return new("service-silent", $"{service.Service} is not ready");
            else if (service.SendsItsEvents is false)
                yield return new("outbox-unsent", $"{service.Service} does not send its events");
        }

        foreach (var line in flow.Lines.Skip(2).SkipLast(1).Where(line => line.Since + Flow.Patience < now))
            yield return new("outbox-unreceived", $"{line.To} lacks {line.Waiting} {line.What} of {line.From}");
        foreach (var service in read.Parked.SelectMany(part => part.Value ?? []).GroupBy(message => message.Service))
            yield return new("messages-parked", $"{service.Key} has parked {service.Count()}");
        foreach (var council in read.Councils.Value ?? [])
        {
            if (council.OldestDeliveryMadeAt + DeliveriesMayWait < now)
            {
                yield return new(
                    "deliveries-waiting",
                    $"{council.DeliveriesWaiting} deliveries to {read.Names.WithCode(council.Council)} wait"
                );
            }

            if (council.DeliveriesParked > 0)
            {
                yield return new(
                    "endpoint-refuses",
                    $"{council.DeliveriesParked} deliveries to {read.Names.WithCode(council.Council)} are parked"
                );
            }

            if (council.OldestAlertRaisedAt + AlertsMayWait < now)
            {
                yield return new(
                    "alerts-overdue",
                    $"{council.AlertsWaiting} alerts of {read.Names.WithCode(council.Council)} are not acknowledged"
                );
            }
        }

        foreach (var source in (read.Trusts.Value ?? []).Concat(read.Registers.Value ?? []))
        {
            yield return new(
                "source-silent",
                $"{read.Names.WithCode(source.Organisation)} sends nothing, which is unusual for it"
            );
        }
    }
}
