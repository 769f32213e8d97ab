using Microsoft.EntityFrameworkCore;
using Safeguarding.Notification.Councils;
using Safeguarding.Notification.Hours;
using Safeguarding.Notification.Storage;

namespace Safeguarding.Notification.Escalation;

/// <summary>Whom a council wants told at a given moment: its escalation document with its office hours.</summary>
internal sealed class DutyRota(EscalationDocument document, CouncilCalendar? calendar)
{
    private readonly HashSet<string> _inTurn = [.. document.InTurn()];

    public EscalationDocument Document => document;

    /// <summary>The emergency duty team's subscriptions while the office is closed, none while it is open.</summary>
    public IReadOnlyList<string> OutOfHours(BankHolidays england, DateTimeOffset at) =>
        document.Desks?.EmergencyDutyTeam is { Count: > 0 } team && !OfficeDay.IsOpen(calendar, england, at)
            ? team
            : [];

    /// <summary>Whether a subscription gets every alert at once.</summary>
    public bool IsFirstLine(string subscription) => !_inTurn.Contains(subscription);
}

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
