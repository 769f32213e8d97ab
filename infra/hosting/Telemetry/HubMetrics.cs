using System.Diagnostics;
using System.Diagnostics.Metrics;
using Safeguarding.Hosting.Outbox;

namespace Safeguarding.Hosting.Telemetry;

internal static class HubMetrics
{
    public const string Name = "Safeguarding.Hub";

    public static readonly ActivitySource Activities = new(Name);
    public static readonly Meter Meter = new(Name);
    public static readonly Counter<long> Sent = Meter.CreateCounter<long>(
        "hub.outbox.sent",
        "{pack}",
        "Outbox packs the broker confirmed"
    );
    public static readonly Counter<long> SendFailed = Meter.CreateCounter<long>(
        "hub.outbox.send_failed",
        "{pack}",
        "Outbox packs the broker did not take"
    );
    public static readonly Counter<long> Consumed = Meter.CreateCounter<long>(
        "hub.inbox.consumed",
        "{event}",
        "Events consumed for the first time"
    );
    public static readonly Counter<long> Repeated = Meter.CreateCounter<long>(
        "hub.inbox.repeated",
        "{event}",
        "Events that had been consumed before"
    );
    public static readonly Counter<long> Parked = Meter.CreateCounter<long>(
        "hub.parked",
        "{message}",
        "Messages parked for an operator"
    );
    public static readonly ObservableGauge<double> OldestUnsent = Meter.CreateObservableGauge(
        "hub.outbox.oldest_unsent",
        () => Measured(now => now.OldestUnsent?.TotalSeconds ?? 0),
        "s",
        "Age of the oldest outbox row the broker has not taken"
    );
    public static readonly ObservableGauge<double> OldestUnreceived = Meter.CreateObservableGauge(
        "hub.outbox.oldest_unreceived",
        () => Measured(now => now.OldestUnreceived?.TotalSeconds ?? 0),
        "s",
        "Age of the oldest outbox row some listener has not confirmed"
    );
    public static readonly ObservableGauge<double> ParkedWaiting = Meter.CreateObservableGauge(
        "hub.parked.waiting",
        () => Measured(now => now.Parked),
        "{message}",
        "Parked messages that wait for an operator"
    );
    public static readonly Histogram<double> Lag = Meter.CreateHistogram<double>(
        "hub.consume.lag",
        "s",
        "From an event's commit at its sender to its commit at the listener"
    );

    public static readonly ObservableGauge<int> SilentSources = Meter.CreateObservableGauge(
        "hub.source.silent",
        () =>
            (Silent ?? []).Select(organisation => new Measurement<int>(
                1,
                new KeyValuePair<string, object?>("organisation", organisation)
            )),
        "{source}",
        "Sources that are silent against their own rhythm"
    );

    public static readonly Counter<long> Refused = Meter.CreateCounter<long>(
        "hub.refused",
        "{item}",
        "Things refused at a door, by organisation and code"
    );

    public static readonly Counter<long> RefusalsDropped = Meter.CreateCounter<long>(
        "hub.refusals.dropped",
        "{item}",
        "Refusals of which no row was kept"
    );

    public static readonly ObservableGauge<int> UnusualRefusals = Meter.CreateObservableGauge(
        "hub.refusals.unusual",
        () =>
            (RefusedUnusually ?? []).Select(organisation => new Measurement<int>(
                1,
                new KeyValuePair<string, object?>("organisation", organisation)
            )),
        "{source}",
        "Organisations refused more than is usual for them"
    );

    /// <summary>
    /// What the database said last; null while it does not answer, so that a gauge shows no stale
    /// figure.
    /// </summary>
    public static OutboxState? Backlog { get; set; }

    /// <summary>The organisations that have fallen silent.</summary>
    public static string[]? Silent { get; set; }

    /// <summary>The organisations that are refused more than is usual for them.</summary>
    public static string[]? RefusedUnusually { get; set; }

    private static IEnumerable<Measurement<double>> Measured(Func<OutboxState, double> figure) =>
        Backlog is { } now ? [new Measurement<double>(figure(now))] : [];
}
