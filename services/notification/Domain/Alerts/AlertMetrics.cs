using System.Diagnostics.Metrics;

namespace Safeguarding.Notification.Domain.Alerts;

/// <summary>What alerts measure, by council.</summary>
internal static class AlertMetrics
{
    /// <summary>The name that hosting exports.</summary>
    private static readonly Meter Meter = new("Safeguarding.Hub");

    private static readonly Counter<long> Alerts = Meter.CreateCounter<long>(
        "hub.alerts",
        "{alert}",
        "Versions of alerts that councils are notified of"
    );
    private static readonly Counter<long> PlacesUnreadable = Meter.CreateCounter<long>(
        "hub.alerts.place_unreadable",
        "{alert}",
        "Alerts read without their place, because its key is not in the ring"
    );

    public static void Notified(Alert alert) =>
        Alerts.Add(1, Council(alert.CouncilCode), new("news", alert.News.ToString()));

    public static void PlaceUnreadable(string councilCode) => PlacesUnreadable.Add(1, Council(councilCode));

    private static KeyValuePair<string, object?> Council(string code) => new("council", code);
}
