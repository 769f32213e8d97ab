using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Safeguarding.Contracts.Encounters;
using Safeguarding.Hosting.Privacy;
using Safeguarding.Notification.Deliveries;
using Safeguarding.Notification.Storage;

namespace Safeguarding.Notification.Alerts;

/// <summary>Alerts with their places opened and their council's contacts beside them.</summary>
internal static class ViewAlerts
{
    public static async Task<List<AlertView>> ViewAsync(
        this NotificationDb db, IReadOnlyList<Alert> alerts, string councilCode, Sealer sealer, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var council = await db.Councils.AsNoTracking().SingleOrDefaultAsync(known => known.Code == councilCode, cancellationToken);
        return [.. alerts.Select(alert => AlertView.Of(alert, PlaceOf(alert, sealer), council, now))];
    }

    // One alert sealed under a key that this ring has lost must not keep the others from their council, nor itself.
    private static Place? PlaceOf(Alert alert, Sealer sealer)
    {
        try
        {
            return alert.Place is { } place ? sealer.Open(place) : null;
        }
        catch (CryptographicException)
        {
            DeliveryMetrics.PlaceUnreadable(alert);
            return null;
        }
    }
}
