using Safeguarding.Contracts.Matches;
using Safeguarding.Notification.Domain.Alerts;

namespace Safeguarding.Notification.Domain.Grouping;

/// <summary>Writes into an alert how often its child was seen and what grade that gives.</summary>
internal static class AssessAlert
{
    /// <summary>After news of an attendance: the grade only ever rises. Returns whether it did.</summary>
    public static bool Raise(Alert alert, EncounterMatched match, Ledger ledger, RulesInForce rules)
    {
        var (history, shown) = (ledger.Of(alert.CouncilCode, alert.AllPlans()), alert.Shown);
        var newest = Assessment.Of(history, shown.When, rules.Rules);
        var matched =
            match.EncounterId == shown.EncounterId
                ? newest
                : Assessment.Of(history, match.StartedAt ?? match.ReceivedAt, rules.Rules);
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
    /// After an attendance was taken back: what rested on it falls. Steps that a higher grade began are not
    /// taken back.
    /// </summary>
    public static void Lower(Alert alert, Ledger ledger, RulesInForce rules)
    {
        var newest = Assessment.Of(ledger.Of(alert.CouncilCode, alert.AllPlans()), alert.Shown.When, rules.Rules);
        Count(alert, newest, rules);
        (alert.Grade, alert.Because) = (newest.Grade, [.. newest.Because]);
    }

    private static void Count(Alert alert, Assessment newest, RulesInForce rules) =>
        (alert.Attendances, alert.Sites, alert.NoiseRules) = (newest.Attendances, newest.Sites, rules.Version);
}
