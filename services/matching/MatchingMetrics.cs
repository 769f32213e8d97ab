using System.Diagnostics.Metrics;

namespace Safeguarding.Matching;

internal static class MatchingMetrics
{
    // The hub's meter: AddHub exports it.
    private static readonly Meter Meter = new("Safeguarding.Hub");

    public static readonly Counter<long> Crowded = Meter.CreateCounter<long>(
        "hub.matching.crowded_keys",
        "{key}",
        "Block keys shared by too many plans to find anybody alone"
    );
    public static readonly Counter<long> ReadBehind = Meter.CreateCounter<long>(
        "hub.matching.index_behind",
        "{batch}",
        "Batches that first had to read what their replica's look-up lacked"
    );
    public static readonly Histogram<long> Candidates = Meter.CreateHistogram<long>(
        "hub.matching.candidates",
        "{plan}",
        "Plans compared with one patient"
    );

    public static readonly Counter<long> ShadowFailed = Meter.CreateCounter<long>(
        "hub.matching.shadow_failed",
        "{decision}",
        "Decisions that the rules in shadow could not make"
    );

    static MatchingMetrics()
    {
        Meter.CreateObservableGauge(
            "hub.matching.reviews_open",
            () => Reviews.Open,
            "{review}",
            "Questions that wait for a person"
        );
        Meter.CreateObservableGauge(
            "hub.matching.reviews_overdue",
            () => Reviews.Overdue,
            "{review}",
            "Questions that should have been decided"
        );
        Meter.CreateObservableGauge(
            "hub.matching.reviews_unclaimed",
            () =>
                Unclaimed.Select(row => new Measurement<int>(
                    row.Value,
                    new KeyValuePair<string, object?>("council", row.Key)
                )),
            "{review}",
            "Questions that are overdue and unclaimed"
        );
        Meter.CreateObservableGauge(
            "hub.matching.registered_held_by_others",
            () =>
                HeldByOthers.Select(row => new Measurement<int>(
                    row.Value,
                    new KeyValuePair<string, object?>("council", row.Key)
                )),
            "{plan}",
            "Plans of the last 30 days by which a council registered a child whom another council had"
        );
        Meter.CreateObservableGauge(
            "hub.matching.number_changes_overdue",
            () => HeldChanges,
            "{change}",
            "Changes of numbers that a cleared reviewer should have decided"
        );
        Meter.CreateObservableGauge(
            "hub.matching.reviews_oldest",
            () => Reviews.OldestSeconds,
            "s",
            "How long the oldest question waits"
        );
    }

    /// <summary>As last counted.</summary>
    public static (int Open, int Overdue, double OldestSeconds) Reviews { get; set; }

    /// <summary>As last counted.</summary>
    public static int HeldChanges { get; set; }

    /// <summary>By council, as last counted.</summary>
    public static IReadOnlyDictionary<string, int> HeldByOthers { get; set; } = new Dictionary<string, int>();

    /// <summary>By council, as last counted.</summary>
    public static IReadOnlyDictionary<string, int> Unclaimed { get; set; } = new Dictionary<string, int>();
}
