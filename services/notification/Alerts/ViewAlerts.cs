using Microsoft.EntityFrameworkCore;
using Safeguarding.Hosting.Privacy;
using Safeguarding.Notification.Storage;

namespace Safeguarding.Notification.Alerts;

/// <summary>Alerts with their places opened and their council's contacts beside them.</summary>
internal static class ViewAlerts
{
    public static async Task<List<AlertView>> ViewAsync(
        this NotificationDb db, IReadOnlyList<Alert> alerts, string councilCode, Sealer sealer, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var council = await db.Councils.AsNoTracking().SingleOrDefaultAsync(known => known.Code == councilCode, cancellationToken);
        return [.. alerts.Select(alert => AlertView.Of(alert, alert.Place is { } place ? sealer.Open(place) : null, council, now))];
    }
}
