using Microsoft.EntityFrameworkCore;
using Safeguarding.Hosting.Access;
using Safeguarding.Hosting.Privacy;
using Safeguarding.Notification.Delivery.Channels.Fhir;
using Safeguarding.Notification.Domain.Alerts;
using Safeguarding.Notification.Storage;
using R4 = Hl7.Fhir.Model;

namespace Safeguarding.Notification.Api.Fhir;

/// <summary>One alert of the caller's council as a Communication; what an id-only notification leads to.</summary>
internal static class GetCommunication
{
    internal static async Task<FhirAnswer> Handle(
        string id,
        Caller caller,
        NotificationDb db,
        Sealer sealer,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        if (!Guid.TryParse(id, out var alertId))
            return FhirAnswer.NotFound();
        var found = await DiscloseAsync(db, [alertId], caller, sealer, clock.GetUtcNow(), cancellationToken);
        return found is [var communication] ? FhirAnswer.Ok(communication) : FhirAnswer.NotFound();
    }

    /// <summary>
    /// Alerts as their council reads them, with the reading on record: whoever has read one must be notified of its
    /// withdrawal.
    /// </summary>
    public static async Task<List<R4.Communication>> DiscloseAsync(
        NotificationDb db,
        Guid[] ids,
        Caller caller,
        Sealer sealer,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var alerts = await db
            .Alerts.FromSql(
                $"""
                SELECT * FROM notification.alert WHERE id = ANY({ids}) AND council_code = {caller.Organisation}
                    AND raised_at IS NOT NULL
                ORDER BY encounter_id, council_code FOR UPDATE
                """
            )
            .ToListAsync(cancellationToken);
        foreach (var alert in alerts)
        {
            alert.Disclosed = true;
            db.Add(AlertEntry.Of(alert, AlertEventType.Read, now, CallingActor.Of(caller)));
            db.Audit(caller, "alert.read", alert.Id);
        }
        await db.SaveChangesAsync(cancellationToken);
        var views = await db.ViewAsync(alerts, caller.Organisation, sealer, now, cancellationToken);
        await transaction.CommitAsync(CancellationToken.None);
        return views.ConvertAll(view => AlertCommunication.Of(view, caller.Organisation));
    }
}
