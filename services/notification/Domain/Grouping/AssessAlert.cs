using Safeguarding.Contracts.Encounters;
using Safeguarding.Contracts.Matches;
using Safeguarding.Notification.Domain.Alerts;

namespace Safeguarding.Notification.Domain.Grouping;

/// <summary>Writes into an alert how often its child was seen and what grade that gives.</summary>
internal static class AssessAlert
{
    /// <summary>After news of an attendance: the grade only ever rises. Returns whether it did.</summary>
    public static bool Raise(Alert alert, EncounterMatched match, Ledger ledger, RulesInForce rules)
    {
        var (history, shown) = (ledger.Get(alert.CouncilCode, alert.AllPlans()), alert.Shown);
        var newest = Assessment.Assess(history, shown.When, rules.Rules);
        var matched =
            match.EncounterId == shown.EncounterId
                ? newest
                : Assessment.Assess(history, match.StartedAt ?? match.ReceivedAt, rules.Rules);
        Count(alert, newest, rules);
        List<string> because = [.. newest.Because.Union(matched.Because)];
        if (because is not [])
            alert.Because = because;
        var grade = newest.Grade > matched.Grade ? newest.Grade : matched.Grade;
        if (grade <= alert.Grade)
            return false;
        alert.Grade = grade;
        return true;
    }

    /// <summary>
    /// After news of a contact: what the force grades high, and what gives the council a duty that runs by the hour,
    /// weighs more than an attendance that no rule speaks of.
    /// </summary>
    public static bool Raise(Alert alert, PoliceContact contact)
    {
        var isPressing =
            contact.Grade is ContactGrade.High
            || contact.Kind is ContactKind.Missing or ContactKind.AccommodationRequest or ContactKind.PoliceProtection;
        if (!isPressing || alert.Grade >= AlertGrade.High)
            return false;
        alert.Grade = AlertGrade.High;
        // An answer to the person says this too, and must not say who reported.
        alert.Because = [contact.Grade is ContactGrade.High ? "reported as high" : "a duty that runs by the hour"];
        return true;
    }

    /// <summary>
    /// After an attendance was withdrawn: what rested on it falls. Steps that a higher grade began are not
    /// taken back.
    /// </summary>
    public static void Lower(Alert alert, Ledger ledger, RulesInForce rules)
    {
        var newest = Assessment.Assess(ledger.Get(alert.CouncilCode, alert.AllPlans()), alert.Shown.When, rules.Rules);
        Count(alert, newest, rules);
        (alert.Grade, alert.Because) = (newest.Grade, [.. newest.Because]);
    }

    private static void Count(Alert alert, Assessment newest, RulesInForce rules) =>
        (alert.Attendances, alert.Sites, alert.RulesVersion) = (newest.Attendances, newest.Sites, rules.Version);
}

/// <summary>The alert that an attendance joins by its council's rules.</summary>
internal static class FindLead
{
    /// <summary>Alerts of the same child whose first attendance lies within the window.</summary>
    public static IEnumerable<Guid> Candidates(EncounterMatched match, Ledger ledger, AlertRules rules)
    {
        if (rules.Grouping?.WindowHours is null)
            return [];
        var at = match.StartedAt ?? match.ReceivedAt;
        return ledger
            .Get(match.CouncilCode, match.Plans)
            .Where(attended => attended.EncounterId != match.EncounterId)
            .GroupBy(attended => attended.AlertId)
            .Where(alert => rules.AreInOneWindow(alert.Min(attended => attended.At), at))
            .OrderByDescending(alert => alert.Max(attended => attended.At))
            .Select(alert => alert.Key);
    }

    public static Alert? Get(
        EncounterMatched match,
        Ledger ledger,
        AlertRules rules,
        IReadOnlyDictionary<Guid, Alert> locked
    ) =>
        Candidates(match, ledger, rules)
            .Select(id => locked.GetValueOrDefault(id))
            .OfType<Alert>()
            .FirstOrDefault(alert => MayJoin(alert, rules));

    public static bool MayJoin(Alert alert, AlertRules rules) => alert.IsRaised && rules.AllowJoining(alert.State);
}
