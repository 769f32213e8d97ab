using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Safeguarding.Contracts;
using Safeguarding.Hosting.Access;
using Safeguarding.Hosting.Privacy;
using Safeguarding.Notification.Domain;
using Safeguarding.Notification.Domain.Alerts;
using Safeguarding.Notification.Domain.Grouping;
using Safeguarding.Notification.Storage;

namespace Safeguarding.Notification.Api.Rules;

/// <summary>What these rules would have made of the past 30 days, beside what happened. Changes nothing.</summary>
internal static class PreviewRules
{
    private const int PastDays = 30;
    private const int MostChanges = 500;

    internal static async Task<Results<Ok<Preview>, ProblemHttpResult>> Handle(
        AlertRules rules,
        Caller caller,
        NotificationDb db,
        Sealer sealer,
        TimeProvider clock,
        HttpContext http,
        CancellationToken cancellationToken
    )
    {
        if (PutRules.Refused(rules) is { } refusal)
            return refusal;
        var since = clock.GetUtcNow().AddDays(-PastDays).AsStored();
        var rows = await db
            .PlanAttendances.AsNoTracking()
            .Where(row => row.CouncilCode == caller.Organisation)
            .ToListAsync(cancellationToken);
        var ids = rows.Where(row => row.At >= since).Select(row => row.AlertId).Distinct().ToArray();
        var alerts = await db
            .Alerts.Where(alert => ids.Contains(alert.Id))
            .Select(alert => new
            {
                alert.Id,
                alert.EncounterId,
                alert.Grade,
                alert.State,
                alert.SettledAt,
            })
            .ToDictionaryAsync(alert => alert.Id, cancellationToken);
        var history = rows.GroupBy(row => row.EncounterId)
            .Select(plans =>
            {
                var row = plans.First();
                var site = sealer.SiteIn(new Sealed<AttendedSite>(row.SiteKeyId, row.SiteValue));
                return new RulesPreview.PastAttendance(
                    new Attended(row.EncounterId, row.At, site, row.LeftBeforeSeen, row.AlertId),
                    plans.Select(plan => $"{plan.PlanId} {plan.Role}").ToHashSet(),
                    alerts.GetValueOrDefault(row.AlertId)?.State ?? AlertState.Raised,
                    alerts.GetValueOrDefault(row.AlertId)?.SettledAt
                );
            })
            .ToList();

        var outcomes = RulesPreview.Run(history, since, rules);
        List<Change> changes = [];
        Dictionary<Guid, AlertGrade> would = [];
        foreach (var outcome in outcomes)
        {
            var lead = outcome.Joins ?? outcome.Past.Attended.EncounterId;
            would[lead] = would.TryGetValue(lead, out var before) && before > outcome.Grade ? before : outcome.Grade;
        }
        foreach (var outcome in outcomes)
        {
            var (attended, grade) = (outcome.Past.Attended, would[outcome.Joins ?? outcome.Past.Attended.EncounterId]);
            var was = alerts.GetValueOrDefault(attended.AlertId);
            var joined = was is not null && was.EncounterId != attended.EncounterId;
            if (joined == outcome.Joins is not null && (was?.Grade ?? AlertGrade.Standard) == grade)
                continue;
            changes.Add(
                new Change(
                    attended.AlertId,
                    attended.EncounterId,
                    attended.At,
                    joined,
                    outcome.Joins is not null,
                    outcome.Joins,
                    was?.Grade ?? AlertGrade.Standard,
                    grade,
                    outcome.Because
                )
            );
        }
        db.Audit(caller, "rules.dry-run", Guid.CreateVersion7(clock.GetUtcNow()));
        await db.SaveChangesAsync(cancellationToken);
        return TypedResults.Ok(
            new Preview(
                since,
                outcomes.Count,
                Tally.Count(alerts.Values.Select(alert => alert.Grade)),
                Tally.Count(would.Values),
                [.. changes.Take(MostChanges)],
                changes.Count
            )
        );
    }

    /// <param name="Since">From when on.</param>
    /// <param name="Attendances">How many there were.</param>
    /// <param name="Were">The alerts that were about them.</param>
    /// <param name="WouldBe">The alerts that these rules would have made, as far as each was acknowledged when the real
    /// one was.</param>
    /// <param name="Changes">Attendances that would have gone otherwise, oldest first, at most 500.</param>
    /// <param name="ChangeCount">How many would have.</param>
    internal sealed record Preview(
        DateTimeOffset Since,
        int Attendances,
        Tally Were,
        Tally WouldBe,
        IReadOnlyList<Change> Changes,
        int ChangeCount
    );

    internal sealed record Tally(int Alerts, int Standard, int High, int Urgent)
    {
        public static Tally Count(IEnumerable<AlertGrade> grades)
        {
            var all = grades.ToList();
            return new Tally(
                all.Count,
                all.Count(grade => grade is AlertGrade.Standard),
                all.Count(grade => grade is AlertGrade.High),
                all.Count(grade => grade is AlertGrade.Urgent)
            );
        }
    }

    /// <param name="AlertId">The alert that was about it.</param>
    /// <param name="EncounterId">The attendance.</param>
    /// <param name="At">When it was.</param>
    /// <param name="WasGrouped">It joined an alert that was there.</param>
    /// <param name="WouldBeGrouped">It would have.</param>
    /// <param name="With">With which encounter's alert.</param>
    /// <param name="WasGrade">The alert's grade.</param>
    /// <param name="WouldBeGrade">The grade of the alert that it would have been in.</param>
    /// <param name="Because">The patterns that hold with this attendance.</param>
    internal sealed record Change(
        Guid AlertId,
        Guid EncounterId,
        DateTimeOffset At,
        bool WasGrouped,
        bool WouldBeGrouped,
        Guid? With,
        AlertGrade WasGrade,
        AlertGrade WouldBeGrade,
        IReadOnlyList<string> Because
    );
}
