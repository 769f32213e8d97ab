using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Safeguarding.Contracts;
using Safeguarding.Contracts.Encounters;
using Safeguarding.Hosting.Privacy;
using Safeguarding.Notification.Domain.Alerts;

namespace Safeguarding.Notification.Storage;

/// <summary>Alerts with their places opened and their council's contacts beside them.</summary>
internal static class ViewAlerts
{
    public static async Task<List<AlertView>> ViewAsync(
        this NotificationDb db,
        IReadOnlyList<Alert> alerts,
        string councilCode,
        Sealer sealer,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var council = await db
            .Councils.AsNoTracking()
            .SingleOrDefaultAsync(known => known.Code == councilCode, cancellationToken);
        return
        [
            .. alerts.Select(alert =>
                AlertView.Of(alert, alert.Place is { } place ? Open(place) : null, council, now, Open)
            ),
        ];

        Place? Open(Sealed<Place> place) => sealer.PlaceIn(place, councilCode);
    }

    /// <summary>Where and when of an alert too, whoever has restricted it: for who may see that.</summary>
    public static async Task<AlertView> ViewWholeAsync(
        this NotificationDb db,
        Alert alert,
        Sealer sealer,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var council = await db
            .Councils.AsNoTracking()
            .SingleOrDefaultAsync(known => known.Code == alert.CouncilCode, cancellationToken);
        return AlertView.WholeOf(alert, alert.Place is { } place ? Open(place) : null, council, now, Open);

        Place? Open(Sealed<Place> place) => sealer.PlaceIn(place, alert.CouncilCode);
    }

    /// <summary>
    /// One alert sealed under a key that this ring has lost must not keep the others from their council, nor
    /// itself.
    /// </summary>
    public static Place? PlaceIn(this Sealer sealer, Sealed<Place> place, string councilCode)
    {
        try
        {
            return sealer.Open(place);
        }
        catch (CryptographicException)
        {
            AlertMetrics.PlaceUnreadable(councilCode);
            return null;
        }
    }
}
