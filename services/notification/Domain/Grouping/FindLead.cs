using Safeguarding.Contracts.Matches;
using Safeguarding.Notification.Domain.Alerts;

namespace Safeguarding.Notification.Domain.Grouping;

/// <summary>The alert that an attendance joins by its council's rules.</summary>
internal static class FindLead
{
    /// <summary>Alerts of the same child whose first attendance lies within the window.</summary>
    public static IEnumerable<Guid> Candidates(EncounterMatched match, Ledger ledger, NoiseRules rules)
    {
        if (rules.Grouping?.WindowHours is not { } hours)
            return [];
        var (at, window) = (match.StartedAt ?? match.ReceivedAt, TimeSpan.FromHours(hours));
        return ledger
            .Of(match.CouncilCode, match.Plans)
            .Where(attended => attended.EncounterId != match.EncounterId)
            .GroupBy(attended => attended.AlertId)
            .Where(alert => (at - alert.Min(attended => attended.At)).Duration() <= window)
            .OrderByDescending(alert => alert.Max(attended => attended.At))
            .Select(alert => alert.Key);
    }

    public static Alert? Of(
        EncounterMatched match,
        Ledger ledger,
        NoiseRules rules,
        IReadOnlyDictionary<Guid, Alert> locked
    ) =>
        Candidates(match, ledger, rules)
            .Select(id => locked.GetValueOrDefault(id))
            .OfType<Alert>()
            .FirstOrDefault(alert => MayJoin(alert, rules));

    /// <summary>Nothing joins an alert that was refused or taken back: it would be lost with it.</summary>
    public static bool MayJoin(Alert alert, NoiseRules rules) =>
        alert.IsRaised
        && (
            alert.IsOpen
            || (
                alert.State is AlertState.Acknowledged
                && rules.Grouping?.AfterAcknowledgement is AfterAcknowledgement.Reopen
            )
        );
}
