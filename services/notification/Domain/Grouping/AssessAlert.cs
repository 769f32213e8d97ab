using Safeguarding.Contracts.Matches;
using Safeguarding.Notification.Domain.Alerts;

namespace Safeguarding.Notification.Domain.Grouping;

/// <summary>Writes into an alert how often its child was seen and what grade that gives.</summary>
internal static class AssessAlert
{
    /// <summary>After news of an attendance: the grade only ever rises. Returns whether it did.</summary>
    public static bool Raise(Alert alert, EncounterMatched match, Ledger ledger, RulesInForce law)
    {
        var (history, shown) = (ledger.Of(alert.CouncilCode, alert.AllPlans()), alert.Shown);
        var newest = Assessment.Of(history, shown.When, law.Rules);
        var told =
            match.EncounterId == shown.EncounterId
                ? newest
                : Assessment.Of(history, match.StartedAt ?? match.ReceivedAt, law.Rules);
        Count(alert, newest, law);
        List<string> because = [.. newest.Because.Union(told.Because)];
        if (because is not [])
            alert.Because = because;
        var grade = newest.Grade > told.Grade ? newest.Grade : told.Grade;
        if (grade <= alert.Grade)
            return false;
        alert.Grade = grade;
        return true;
    }

    /// <summary>
    /// After an attendance was taken back: what rested on it falls. Steps that a higher grade began are not
    /// taken back.
    /// </summary>
    public static void Lower(Alert alert, Ledger ledger, RulesInForce law)
    {
        var newest = Assessment.Of(ledger.Of(alert.CouncilCode, alert.AllPlans()), alert.Shown.When, law.Rules);
        Count(alert, newest, law);
        (alert.Grade, alert.Because) = (newest.Grade, [.. newest.Because]);
    }

    private static void Count(Alert alert, Assessment newest, RulesInForce law) =>
        (alert.Attendances, alert.Sites, alert.NoiseRules) = (newest.Attendances, newest.Sites, law.Version);
}
