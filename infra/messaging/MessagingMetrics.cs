using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Safeguarding.Messaging;

/// <summary>What messaging measures.</summary>
public static class MessagingMetrics
{
    /// <summary>The name of its meter and of its source of spans.</summary>
    public const string Name = "Safeguarding.Hub";

    internal static readonly ActivitySource Activities = new(Name);
    private static readonly Meter Meter = new(Name);
    internal static readonly Counter<long> Sent = Meter.CreateCounter<long>(
        "hub.outbox.sent",
        "{pack}",
        "Outbox batches the broker confirmed"
    );
    internal static readonly Counter<long> SendFailed = Meter.CreateCounter<long>(
        "hub.outbox.send_failed",
        "{pack}",
        "Outbox batches the broker did not take"
    );
    internal static readonly Counter<long> Consumed = Meter.CreateCounter<long>(
        "hub.inbox.consumed",
        "{event}",
        "Events consumed for the first time"
    );
    internal static readonly Counter<long> Repeated = Meter.CreateCounter<long>(
        "hub.inbox.repeated",
        "{event}",
        "Events that had been consumed before"
    );
    internal static readonly Counter<long> Parked = Meter.CreateCounter<long>(
        "hub.parked",
        "{message}",
        "Messages parked for an operator"
    );
    internal static readonly ObservableGauge<double> OldestUnsent = Meter.CreateObservableGauge(
        "hub.outbox.oldest_unsent",
        () => Measured(now => now.OldestUnsent?.TotalSeconds ?? 0),
        "s",
        "Age of the oldest outbox row the broker has not taken"
    );
    internal static readonly ObservableGauge<double> OldestUnreceived = Meter.CreateObservableGauge(
        "hub.outbox.oldest_unreceived",
        () => Measured(now => now.OldestUnreceived?.TotalSeconds ?? 0),
        "s",
        "Age of the oldest outbox row some listener has not confirmed"
    );
    internal static readonly ObservableGauge<double> ParkedWaiting = Meter.CreateObservableGauge(
        "hub.parked.waiting",
        () => Measured(now => now.Parked),
        "{message}",
        "Parked messages that wait for an operator"
    );
    internal static readonly Histogram<double> Lag = Meter.CreateHistogram<double>(
        "hub.consume.lag",
        "s",
        "From an event's commit at its sender to its commit at the listener"
    );

    /// <summary>
    /// What the database said last; null while it does not answer, so that a gauge shows no stale
    /// figure.
    /// </summary>
    internal static OutboxState? Backlog { get; set; }

    private static IEnumerable<Measurement<double>> Measured(Func<OutboxState, double> figure) =>
        Backlog is { } now ? [new Measurement<double>(figure(now))] : [];
}
