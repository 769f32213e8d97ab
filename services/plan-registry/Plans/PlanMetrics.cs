using System.Diagnostics.Metrics;

namespace Safeguarding.PlanRegistry.Plans;

internal static class PlanMetrics
{
    // The hub's meter: AddHub exports it.
    private static readonly Meter Meter = new("Safeguarding.Hub");

    static PlanMetrics() =>
        Meter.CreateObservableGauge(
            "hub.plans.deleted_soon",
            () =>
                DeletedSoon.Select(row => new Measurement<int>(
                    row.Value,
                    new KeyValuePair<string, object?>("council", row.Key)
                )),
            "{plan}",
            "Plans that were deleted in the last 30 days within a week of their registration"
        );

    /// <summary>By council, as last counted.</summary>
    public static IReadOnlyDictionary<string, int> DeletedSoon { get; set; } = new Dictionary<string, int>();
}
