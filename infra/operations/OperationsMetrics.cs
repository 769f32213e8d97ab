using System.Diagnostics.Metrics;
using Safeguarding.Messaging;

namespace Safeguarding.Operations;

internal static class OperationsMetrics
{
    public static readonly Meter Meter = new(MessagingMetrics.Name);

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
        "Items refused, by organisation and code"
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

    /// <summary>The organisations that have fallen silent.</summary>
    public static string[]? Silent { get; set; }

    /// <summary>The organisations that are refused more than is usual for them.</summary>
    public static string[]? RefusedUnusually { get; set; }
}
