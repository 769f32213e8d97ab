using Microsoft.EntityFrameworkCore;
using Safeguarding.Notification.Domain.Alerts;
using Safeguarding.Notification.Domain.Escalation;
using Safeguarding.Notification.Domain.Grouping;

namespace Safeguarding.Notification.Storage;

/// <summary>
/// What alerts are decided on: the alerts, locked so that whoever else wants to change one waits until this transaction
/// ends, and what their councils have set.
/// </summary>
internal static class AlertsAndRules
{
    /// <summary>
    /// The rows of these encounters, the alerts that they joined, and these alerts beside them, by id. A row joins an
    /// alert once, when it is made, and may leave it for good; so which rows to lock can be asked before they are.
    /// </summary>
    public static async Task<Dictionary<Guid, Alert>> LockAsync(
        this NotificationDb db,
        IReadOnlyList<(Guid EncounterId, string CouncilCode)> keys,
        IEnumerable<Guid> beside,
        CancellationToken cancellationToken
    )
    {
        var encounters = keys.Select(key => key.EncounterId).ToArray();
        var councils = keys.Select(key => key.CouncilCode).ToArray();
        var others = beside.Distinct().ToArray();
        return await db
            .Alerts.FromSql(
                $"""
                SELECT alert.* FROM notification.alert
                WHERE id = ANY({others} || ARRAY(
                    SELECT unnest(ARRAY[id, grouped_into]) FROM notification.alert
                    WHERE (encounter_id, council_code) IN (SELECT * FROM unnest({encounters}, {councils}))))
                ORDER BY encounter_id, council_code
                FOR UPDATE
                """
            )
            .ToDictionaryAsync(alert => alert.Id, cancellationToken);
    }

    /// <summary>
    /// Null where there is none, where it is another council's, and where it was never raised: all three look
    /// alike from outside.
    /// </summary>
    public static async Task<Alert?> LockAsync(
        this NotificationDb db,
        Guid id,
        string councilCode,
        CancellationToken cancellationToken
    )
    {
        var found = await db
            .Alerts.FromSql(
                $"SELECT * FROM notification.alert WHERE id = {id} AND council_code = {councilCode} AND raised_at IS NOT NULL FOR UPDATE"
            )
            .ToListAsync(cancellationToken);
        return found is [var alert] ? alert : null;
    }

    public static async Task<Dictionary<string, DutyRota>> RotasAsync(
        this NotificationDb db,
        IEnumerable<string> councilCodes,
        CancellationToken cancellationToken
    )
    {
        var codes = councilCodes.Distinct().ToArray();
        var documents = await db
            .EscalationPolicies.AsNoTracking()
            .Where(policy => codes.Contains(policy.CouncilCode))
            .ToDictionaryAsync(policy => policy.CouncilCode, policy => policy.Document, cancellationToken);
        var calendars = await db
            .Councils.AsNoTracking()
            .Where(council => codes.Contains(council.Code))
            .ToDictionaryAsync(council => council.Code, council => council.Calendar, cancellationToken);
        return codes.ToDictionary(
            code => code,
            code => new DutyRota(
                documents.GetValueOrDefault(code) ?? EscalationDocument.Unset,
                calendars.GetValueOrDefault(code)
            )
        );
    }

    public static async Task<Dictionary<string, RulesInForce>> RulesInForceAsync(
        this NotificationDb db,
        IEnumerable<string> councilCodes,
        CancellationToken cancellationToken
    )
    {
        var codes = councilCodes.Distinct().ToArray();
        var sets = await db
            .AlertRuleSets.FromSql(
                $"""
                SELECT DISTINCT ON (council_code) * FROM notification.noise_rule_set WHERE council_code = ANY({codes})
                    ORDER BY council_code, version DESC
                """
            )
            .AsNoTracking()
            .ToListAsync(cancellationToken);
        var known = sets.ToDictionary(set => set.CouncilCode, set => new RulesInForce(set.Version, set.Rules));
        return codes.ToDictionary(code => code, code => known.GetValueOrDefault(code) ?? RulesInForce.None);
    }
}
