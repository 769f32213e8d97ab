using Microsoft.EntityFrameworkCore;
using Safeguarding.Notification.Storage;

namespace Safeguarding.Notification.Alerts;

/// <summary>Reads alerts to change them: whoever else wants to change one waits until this transaction ends.</summary>
internal static class LockAlerts
{
    public static async Task<Dictionary<(Guid EncounterId, string CouncilCode), Alert>> LockAsync(
        this NotificationDb db, IReadOnlyList<(Guid EncounterId, string CouncilCode)> keys, CancellationToken cancellationToken)
    {
        var encounters = keys.Select(key => key.EncounterId).ToArray();
        var councils = keys.Select(key => key.CouncilCode).ToArray();
        return await db.Alerts
            .FromSql($"""
                SELECT alert.* FROM notification.alert
                WHERE (encounter_id, council_code) IN (SELECT * FROM unnest({encounters}, {councils}))
                ORDER BY encounter_id, council_code
                FOR UPDATE
                """)
            .ToDictionaryAsync(alert => (alert.EncounterId, alert.CouncilCode), cancellationToken);
    }

    /// <summary>Null where there is none, where it is another council's, and where it was never raised: all three look alike from outside.</summary>
    public static async Task<Alert?> LockAsync(this NotificationDb db, Guid id, string councilCode, CancellationToken cancellationToken)
    {
        var found = await db.Alerts
            .FromSql($"SELECT * FROM notification.alert WHERE id = {id} AND council_code = {councilCode} AND raised_at IS NOT NULL FOR UPDATE")
            .ToListAsync(cancellationToken);
        return found is [var alert] ? alert : null;
    }
}
