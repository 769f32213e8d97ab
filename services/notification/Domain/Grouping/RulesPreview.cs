using Safeguarding.Notification.Domain.Alerts;

namespace Safeguarding.Notification.Domain.Grouping;

/// <summary>Plays past attendances through rules. Pure.</summary>
internal static class RulesPreview
{
    /// <param name="Attended">The attendance.</param>
    /// <param name="Plans">The plans it matched, with the patient's role, as text to compare.</param>
    /// <param name="State">Of the alert that it was in.</param>
    /// <param name="SettledAt">When that alert was acknowledged or refused.</param>
    internal sealed record PastAttendance(
        Attended Attended,
        IReadOnlySet<string> Plans,
        AlertState State,
        DateTimeOffset? SettledAt
    )
    {
        public AlertState StateAt(DateTimeOffset at) => SettledAt <= at ? State : AlertState.Raised;
    }

    /// <param name="Past">The attendance.</param>
    /// <param name="Joins">The encounter whose alert it would have joined; null where it would have been an alert of
    /// its own.</param>
    /// <param name="Grade">The grade it would have given.</param>
    /// <param name="Because">The patterns that hold.</param>
    internal sealed record Outcome(PastAttendance Past, Guid? Joins, AlertGrade Grade, IReadOnlyList<string> Because);

    /// <param name="history">All attendances that are stored, in any order.</param>
    /// <param name="since">From when on they are evaluated; those before count for patterns only.</param>
    /// <param name="rules">The rules to try.</param>
    public static List<Outcome> Run(IReadOnlyList<PastAttendance> history, DateTimeOffset since, AlertRules rules)
    {
        List<Outcome> outcomes = [];
        List<PastAttendance> leads = [];
        foreach (
            var past in history
                .Where(past => past.Attended.At >= since)
                .OrderBy(past => past.Attended.At)
                .ThenBy(past => past.Attended.EncounterId)
        )
        {
            var at = past.Attended.At;
            var child = history
                .Where(other => other.Attended.At <= at && other.Plans.Overlaps(past.Plans))
                .Select(other => other.Attended)
                .ToList();
            var assessment = Assessment.Assess(child, at, rules);
            var lead = leads.FindLast(lead =>
                lead.Plans.Overlaps(past.Plans)
                && rules.AreInOneWindow(lead.Attended.At, at)
                && rules.AllowJoining(lead.StateAt(at))
            );
            if (lead is null)
                leads.Add(past);
            outcomes.Add(new Outcome(past, lead?.Attended.EncounterId, assessment.Grade, assessment.Because));
        }
        return outcomes;
    }
}
