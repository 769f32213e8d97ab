using Safeguarding.Bench.Measure;

namespace Safeguarding.Bench.Pipeline;

/// <summary>All figures of one round; from one run.</summary>
internal sealed record Measurement
{
    public required string Pipeline { get; init; }
    public required int Sent { get; init; }
    public required int Accepted { get; init; }
    public required string Statuses { get; init; }
    public required int ExpectedAlerts { get; init; }
    public required int Alerts { get; init; }

    /// <summary>Expected and not received.</summary>
    public required int Missing { get; init; }

    /// <summary>Received for an encounter that is no hit.</summary>
    public required int Unexpected { get; init; }
    public required int Repeated { get; init; }
    public required int Forged { get; init; }
    public required double AcceptedPerSecond { get; init; }
    public required double AlertsPerSecond { get; init; }

    /// <summary>
    /// Encounters over the time from the first POST to the last answer or last alert, whichever is later: what
    /// the whole chain sustains.
    /// </summary>
    public required double CarriedPerSecond { get; init; }
    public required Quantiles? PostMilliseconds { get; init; }
    public required Quantiles? PostToWebhookMilliseconds { get; init; }

    /// <summary>The generator and sink are apart: they stand for the trusts and councils.</summary>
    public required double CpuMillisecondsPerEncounter { get; init; }
    public required IReadOnlyDictionary<string, double> CpuSecondsPerThousand { get; init; }
    public required double GeneratorCpuSecondsPerThousand { get; init; }
    public required IReadOnlyDictionary<string, double> Megabytes { get; init; }
    public required double OthersCpuShare { get; init; }
    public required double WindowSeconds { get; init; }

    public bool IsWhole => Accepted == Sent && Missing == 0 && Unexpected == 0 && Forged == 0;
}
