using System.Diagnostics.Metrics;
using Safeguarding.Notification.Domain.Escalation;

namespace Safeguarding.Notification.Delivery.Escalation;

/// <summary>What nobody has acknowledged, by council.</summary>
internal static class EscalationMetrics
{
    private static readonly Meter Meter = new("Safeguarding.Hub");
    private static readonly Counter<long> Steps = Meter.CreateCounter<long>(
        "hub.escalation.steps",
        "{step}",
        "Steps taken because nobody took an alert, by number; 0 is the overdue mark"
    );
    private static IReadOnlyDictionary<string, long> s_overdue = new Dictionary<string, long>();

    static EscalationMetrics() =>
        Meter.CreateObservableGauge(
            "hub.alerts.overdue",
            () => s_overdue.Select(row => new Measurement<long>(row.Value, Council(row.Key))),
            "{alert}",
            "Open alerts that nobody has acknowledged in time"
        );

    public static void Taken(IEnumerable<EscalationStep> steps)
    {
        foreach (var step in steps)
            Steps.Add(1, Council(step.CouncilCode), new("number", step.Number));
    }

    public static void Overdue(IReadOnlyDictionary<string, long> byCouncil) => s_overdue = byCouncil;

    private static KeyValuePair<string, object?> Council(string code) => new("council", code);
}
