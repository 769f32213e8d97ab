using Microsoft.EntityFrameworkCore;
using Safeguarding.Notification.Domain.Escalation;

namespace Safeguarding.Notification.Storage;

internal static class ReadRotas
{
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
}
