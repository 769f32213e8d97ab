using System.Diagnostics.Metrics;

namespace Safeguarding.PlanRegistry.BreakGlass;

internal static class BreakGlassMetrics
{
    // The hub's meter: AddHub exports it.
    private static readonly Meter Meter = new("Safeguarding.Hub");

    static BreakGlassMetrics() =>
        Meter.CreateObservableGauge(
            "hub.break_glass.oldest_waiting",
            () =>
                OldestSeconds.Select(row => new Measurement<double>(
                    row.Value,
                    new KeyValuePair<string, object?>("organisation", row.Key)
                )),
            "s",
            "How long the organisation's oldest use of break-glass waits to be judged"
        );

    /// <summary>By organisation, as last counted; those for which nothing waits are not there.</summary>
    public static IReadOnlyDictionary<string, double> OldestSeconds { get; set; } = new Dictionary<string, double>();
}
