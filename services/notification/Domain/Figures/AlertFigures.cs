using Safeguarding.Contracts.Encounters;
using Safeguarding.Hosting;
using Safeguarding.Hosting.Privacy;
using Safeguarding.Notification.Domain.Alerts;

namespace Safeguarding.Notification.Domain.Figures;

/// <summary>
/// A council's alerts in numbers. A count of 1 to 4 is left out, and so is a second part of a total where the first
/// could be reckoned.
/// </summary>
/// <param name="From">The first day, a Monday.</param>
/// <param name="To">The last day: today.</param>
/// <param name="Weeks">Each week, the oldest first.</param>
/// <param name="Settings">Where the children were seen.</param>
/// <param name="Certainties">How sure the matches were.</param>
/// <param name="Refusals">Why alerts were refused.</param>
/// <param name="Answer">How soon alerts were acknowledged or refused.</param>
internal sealed record AlertFigures(
    DateOnly From,
    DateOnly To,
    IReadOnlyList<WeekOfAlerts> Weeks,
    IReadOnlyList<SettingCount> Settings,
    IReadOnlyList<CertaintyCount> Certainties,
    IReadOnlyList<RefusalCount> Refusals,
    AnswerTimes Answer
)
{
    public static AlertFigures Count(IReadOnlyList<FigureFacts> alerts, int weeks, DateTimeOffset now)
    {
        var to = UkTime.Day(now);
        var from = FirstDay(weeks, now);
        var byWeek = alerts.ToLookup(alert => (UkTime.Day(alert.RaisedAt).DayNumber - from.DayNumber) / 7);
        return new AlertFigures(
            from,
            to,
            [.. Enumerable.Range(0, weeks).Select(week => WeekOf(from.AddDays(week * 7), [.. byWeek[week]], now))],
            Counted(
                alerts.GroupBy(alert => alert.Setting).OrderByDescending(group => group.Count()),
                (setting, count) => new SettingCount(setting, count)
            ),
            Counted(
                alerts.GroupBy(alert => Certainty.InWords(alert.Certainty)).OrderByDescending(Highest),
                (words, count) => new CertaintyCount(words, count)
            ),
            Counted(
                alerts.Where(alert => alert.State is AlertState.Refused).GroupBy(alert => alert.Refused),
                (reason, count) => new RefusalCount(reason, count)
            ),
            AnswersOf(alerts, now)
        );

        static double Highest(IGrouping<string, FigureFacts> group) => group.Max(alert => alert.Certainty);
    }

    /// <summary>The Monday with which so many weeks begin, of which this is the last.</summary>
    public static DateOnly FirstDay(int weeks, DateTimeOffset now)
    {
        var today = UkTime.Day(now);
        return today.AddDays(-(((int)today.DayOfWeek + 6) % 7) - 7 * (weeks - 1));
    }

    private static WeekOfAlerts WeekOf(DateOnly monday, IReadOnlyList<FigureFacts> alerts, DateTimeOffset now)
    {
        var grades = SmallNumbers.HideParts([
            Count(AlertGrade.Urgent),
            Count(AlertGrade.High),
            Count(AlertGrade.Standard),
        ]);
        var states = SmallNumbers.HideParts([
            alerts.Count(alert => alert.State is AlertState.Acknowledged),
            alerts.Count(alert => alert.State is AlertState.Refused),
            alerts.Count(alert => alert.State is AlertState.Withdrawn),
            alerts.Count(alert => alert.State is AlertState.Raised or AlertState.Delivered),
        ]);
        return new WeekOfAlerts(
            monday,
            SmallNumbers.Hide(alerts.Count),
            grades[0],
            grades[1],
            grades[2],
            states[0],
            states[1],
            states[2],
            states[3],
            AnswersOf(alerts, now).MedianMinutes
        );

        int Count(AlertGrade grade) => alerts.Count(alert => alert.Grade == grade);
    }

    private static AnswerTimes AnswersOf(IReadOnlyList<FigureFacts> alerts, DateTimeOffset now)
    {
        var minutes = alerts
            .Where(alert => alert.State is AlertState.Acknowledged or AlertState.Refused)
            .Select(alert => (alert.SettledAt - (alert.OpenedAt ?? alert.RaisedAt))?.TotalMinutes)
            .OfType<double>()
            .Order()
            .ToList();
        var late = alerts.Count(alert => IsLate(alert, now));
        var dueOrSettled = alerts.Count(alert => alert.SettledAt is not null || alert.OverdueAt <= now);
        var parts = SmallNumbers.HideParts([late, dueOrSettled - late]);
        return minutes.Count < SmallNumbers.Fewest
            ? new AnswerTimes(SmallNumbers.Hide(minutes.Count), null, null, parts[0])
            : new AnswerTimes(minutes.Count, At(0.5), At(0.9), parts[0]);

        double At(double share) => Math.Round(minutes[(int)Math.Ceiling(share * minutes.Count) - 1], 1);
    }

    private static bool IsLate(FigureFacts alert, DateTimeOffset now) =>
        alert.State is not AlertState.Withdrawn && alert.OverdueAt < (alert.SettledAt ?? now);

    private static List<TCount> Counted<TKey, TCount>(
        IEnumerable<IGrouping<TKey, FigureFacts>> groups,
        Func<TKey, int?, TCount> of
    )
    {
        var counted = groups.ToList();
        return
        [
            .. counted.Zip(SmallNumbers.HideParts([.. counted.Select(group => group.Count())]), (group, count) =>
                of(group.Key, count)
            ),
        ];
    }
}

/// <summary>The alerts that were raised in one week, and what has become of them by now.</summary>
/// <param name="Monday">The week's first day.</param>
/// <param name="Raised">How many were raised.</param>
/// <param name="Urgent">Of these, of that grade, as are the next two.</param>
/// <param name="High">Likewise.</param>
/// <param name="Standard">Likewise.</param>
/// <param name="Acknowledged">Of these, what somebody has taken.</param>
/// <param name="Refused">What the council said was not for it.</param>
/// <param name="Withdrawn">What was taken back.</param>
/// <param name="Open">What nobody has settled yet.</param>
/// <param name="MedianMinutes">Half of them were settled within so many minutes; absent where fewer than 5
/// were.</param>
internal sealed record WeekOfAlerts(
    DateOnly Monday,
    int? Raised,
    int? Urgent,
    int? High,
    int? Standard,
    int? Acknowledged,
    int? Refused,
    int? Withdrawn,
    int? Open,
    double? MedianMinutes
);

/// <param name="Setting">Absent of children whose place may not be shown.</param>
/// <param name="Alerts">How many alerts.</param>
internal sealed record SettingCount(CareSetting? Setting, int? Alerts);

/// <param name="InWords">As in an alert's certainty.</param>
/// <param name="Alerts">How many alerts.</param>
internal sealed record CertaintyCount(string InWords, int? Alerts);

/// <param name="Reason">What the council said.</param>
/// <param name="Alerts">How many alerts.</param>
internal sealed record RefusalCount(RefusalReason? Reason, int? Alerts);

/// <summary>From when an alert was raised, or reopened, until it was acknowledged or refused.</summary>
/// <param name="Settled">How many were.</param>
/// <param name="MedianMinutes">Half of them within so many minutes; absent where fewer than 5 were.</param>
/// <param name="NinetiethMinutes">Nine of ten within so many minutes; likewise.</param>
/// <param name="Late">How many were settled after their time, or are overdue now.</param>
internal sealed record AnswerTimes(int? Settled, double? MedianMinutes, double? NinetiethMinutes, int? Late);
