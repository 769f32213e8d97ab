using Safeguarding.Notification.Domain.Alerts;

namespace Safeguarding.Notification.Domain.Grouping;

/// <summary>How often a child was seen, and what the council's patterns make of it. Pure.</summary>
/// <param name="Attendances">In the 12 months before this attendance, itself included.</param>
/// <param name="Sites">Different sites among them.</param>
/// <param name="Grade">The highest that a pattern gives.</param>
/// <param name="Because">The patterns that hold, with what they found.</param>
internal sealed record Assessment(int Attendances, int Sites, AlertGrade Grade, IReadOnlyList<string> Because)
{
    /// <param name="history">The child's attendances, this one among them, in any order.</param>
    /// <param name="at">When this attendance was.</param>
    /// <param name="rules">The council's.</param>
    public static Assessment Assess(IReadOnlyCollection<Attended> history, DateTimeOffset at, AlertRules rules)
    {
        var year = history.Where(attended => attended.At <= at && attended.At > at.AddMonths(-12)).ToList();
        List<string> because = [];
        var grade = AlertGrade.Standard;
        foreach (var pattern in rules.Patterns ?? [])
        {
            if (Found(history, at, pattern) is not { } found)
                continue;
            because.Add(found);
            if (pattern.Grade > grade)
                grade = pattern.Grade.Value;
        }
        return new Assessment(year.Count, SitesOf(year), grade, because);
    }

    // Encounters can arrive in any order, so every span that holds this attendance is looked at, not only the one that
    // ends with it.
    private static string? Found(IReadOnlyCollection<Attended> history, DateTimeOffset at, Pattern pattern)
    {
        var span = TimeSpan.FromDays(pattern.Days ?? 1);
        foreach (var end in history.Select(attended => attended.At).Where(end => end >= at && end - at < span).Order())
        {
            var within = history.Where(attended => attended.At <= end && end - attended.At < span).ToList();
            var (sites, left) = (SitesOf(within), within.Count(attended => attended.LeftBeforeSeen));
            if (
                within.Count < (pattern.Attendances ?? 1)
                || sites < (pattern.Sites ?? 1)
                || left < (pattern.LeftBeforeSeen ?? 0)
            )
            {
                continue;
            }

            var leaving = left == 0 ? "" : $", left before being seen {left}";
            return $"{pattern.Name}: attendances {within.Count}, sites {sites}{leaving}, days {pattern.Days}";
        }
        return null;
    }

    private static int SitesOf(IEnumerable<Attended> attended) =>
        Math.Max(1, attended.Select(one => one.Site).OfType<string>().Distinct().Count());
}
