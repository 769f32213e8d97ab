using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Safeguarding.Notification.Delivery;

/// <summary>Uses of break-glass of which nobody could be notified.</summary>
internal static class PrivacyOfficerMetrics
{
    // As long as the use may wait to be judged: after that another alarm speaks of it.
    private static readonly TimeSpan Shown = TimeSpan.FromHours(24);
    private static readonly Meter Meter = new("Safeguarding.Hub");
    private static readonly ConcurrentDictionary<string, DateTimeOffset> Unnotified = new();

    static PrivacyOfficerMetrics() =>
        Meter.CreateObservableGauge(
            "hub.break_glass.no_contact",
            () =>
                Unnotified.Select(row => new Measurement<int>(
                    TimeProvider.System.GetUtcNow() - row.Value < Shown ? 1 : 0,
                    new KeyValuePair<string, object?>("organisation", row.Key)
                )),
            "{organisation}",
            "Organisations with a use of break-glass in the last day of which no privacy officer could be notified"
        );

    public static void NobodyNotified(string organisation) =>
        Unnotified[organisation] = TimeProvider.System.GetUtcNow();

    /// <summary>The next use reaches somebody.</summary>
    public static void Notified(string organisation) => Unnotified.TryRemove(organisation, out _);
}
