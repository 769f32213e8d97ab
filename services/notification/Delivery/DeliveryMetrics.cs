using System.Diagnostics;
using System.Diagnostics.Metrics;
using Safeguarding.Notification.Delivery.Endpoints;
using Safeguarding.Notification.Domain.Deliveries;

namespace Safeguarding.Notification.Delivery;

/// <summary>What deliveries measure, by council: how fast alerts go out and are taken, and what waits.</summary>
internal static class DeliveryMetrics
{
    /// <summary>The name that hosting exports.</summary>
    private const string Name = "Safeguarding.Hub";

    public static readonly ActivitySource Activities = new(Name);

    private static readonly Meter Meter = new(Name);
    private static readonly Counter<long> Attempts = Meter.CreateCounter<long>(
        "hub.deliveries.attempts",
        "{attempt}",
        "Attempts at deliveries, by outcome"
    );
    private static readonly Histogram<double> ToFirstAttempt = Meter.CreateHistogram<double>(
        "hub.alert.to_first_attempt",
        "s",
        "From the trust's POST to the first attempt at the council's webhook"
    );
    private static readonly Histogram<double> ToSuccess = Meter.CreateHistogram<double>(
        "hub.alert.to_success",
        "s",
        "From the trust's POST to the webhook's 2xx"
    );
    private static IReadOnlyList<Backlog> s_backlog = [];
    private static IReadOnlyList<FailingEndpoints> s_failing = [];

    static DeliveryMetrics()
    {
        Meter.CreateObservableGauge(
            "hub.deliveries.oldest_waiting",
            () => s_backlog.Select(row => new Measurement<double>(row.OldestSeconds, Council(row.CouncilCode))),
            "s",
            "Age of the oldest delivery that waits"
        );
        Meter.CreateObservableGauge(
            "hub.deliveries.waiting",
            () => s_backlog.Select(row => new Measurement<long>(row.Waiting, Council(row.CouncilCode))),
            "{delivery}",
            "Deliveries that wait"
        );
        Meter.CreateObservableGauge(
            "hub.endpoints.failing",
            () => s_failing.Select(row => new Measurement<long>(row.Count, Council(row.CouncilCode))),
            "{endpoint}",
            "Endpoints that fail now"
        );
    }

    public static void Attempted(DueDelivery delivery, Attempt attempt)
    {
        Attempts.Add(1, Council(delivery.To.CouncilCode), new("outcome", attempt.Outcome.ToString()));
        if (delivery.MeasuredFrom is not { } from)
            return;
        if (delivery.Attempt == 1)
            ToFirstAttempt.Record((attempt.At - from).TotalSeconds, Council(delivery.To.CouncilCode));
        if (attempt.Outcome is AttemptOutcome.Delivered)
            ToSuccess.Record((attempt.At + attempt.Duration - from).TotalSeconds, Council(delivery.To.CouncilCode));
    }

    public static void Failing(IReadOnlyList<FailingEndpoints> rows) => s_failing = rows;

    public static void Waiting(IReadOnlyList<Backlog> rows) => s_backlog = rows;

    private static KeyValuePair<string, object?> Council(string code) => new("council", code);
}

/// <summary>What waits for one council.</summary>
internal sealed record Backlog(string CouncilCode, long Waiting, double OldestSeconds);

/// <summary>How many endpoints of one council fail.</summary>
internal sealed record FailingEndpoints(string CouncilCode, long Count);
