using System.Diagnostics.Metrics;

namespace Safeguarding.PlanRegistry.Uploads;

internal static class UploadMetrics
{
    // The hub's meter: AddHub exports it.
    private static readonly Meter Meter = new("Safeguarding.Hub");

    static UploadMetrics()
    {
        Meter.CreateObservableGauge(
            "hub.uploads.waiting",
            () => Waiting.Select(council => new Measurement<int>(council.Uploads, Tag(council))),
            "{upload}",
            "Uploads that wait for their council's confirmation"
        );
        Meter.CreateObservableGauge(
            "hub.uploads.oldest_waiting",
            () => Waiting.Select(council => new Measurement<double>(council.OldestSeconds, Tag(council))),
            "s",
            "How long the council's oldest such upload waits"
        );
    }

    /// <summary>As last counted; councils for which nothing waits are not there.</summary>
    public static IReadOnlyList<WaitingUploads> Waiting { get; set; } = [];

    private static KeyValuePair<string, object?> Tag(WaitingUploads council) => new("council", council.CouncilCode);
}

/// <summary>What of one council waits for its confirmation.</summary>
internal readonly record struct WaitingUploads(string CouncilCode, int Uploads, double OldestSeconds);
