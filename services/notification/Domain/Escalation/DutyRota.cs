using Safeguarding.Hosting.Hours;
using Safeguarding.Notification.Domain.Councils;

namespace Safeguarding.Notification.Domain.Escalation;

/// <summary>Whom a council wants notified at a given moment: its escalation document with its office hours.</summary>
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
