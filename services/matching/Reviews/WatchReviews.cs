using Microsoft.EntityFrameworkCore;
using Safeguarding.Matching.Domain.NhsNumberChanges;
using Safeguarding.Matching.Domain.Reviews;
using Safeguarding.Matching.Storage;
using Safeguarding.Messaging.Storage;

namespace Safeguarding.Matching.Reviews;

/// <summary>
/// Looks every minute for questions that are overdue and unclaimed, marks them escalated, has their councils notified,
/// and raises the alarm figures; of changes of numbers too, which only cleared reviewers are asked about.
/// </summary>
internal sealed partial class WatchReviews(
    IServiceScopeFactory scopes,
    TimeProvider clock,
    ILogger<WatchReviews> logger
) : RecurringWork(TimeSpan.FromMinutes(1), clock, logger)
{
    // As long as a question may wait where the child is likelier another than the same.
    private static readonly TimeSpan ChangesWait = TimeSpan.FromHours(24);

    /// <returns>The questions that are overdue and unclaimed, by council, and the changes of numbers past
    /// theirs.</returns>
    internal async Task<(IReadOnlyDictionary<string, int> Unclaimed, int HeldChanges)> RunAsync(
        CancellationToken cancellationToken
    )
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<MatchingDb>();
        var now = Clock.GetUtcNow();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var escalated = await db
            .Reviews.FromSql(
                $"""
                UPDATE matching.review SET escalated_at = {now} WHERE review_id IN (
                    SELECT review_id FROM matching.review
                    WHERE state = 'open' AND due_at < {now} AND escalated_at IS NULL AND (claimed_until IS NULL
                        OR claimed_until <= {now})
                    FOR UPDATE SKIP LOCKED)
                RETURNING *
                """
            )
            .AsNoTracking()
            .ToListAsync(cancellationToken);
        var restricted = await db.RestrictedAsync(escalated, cancellationToken);
        foreach (var review in escalated)
        {
            db.Add(ReviewAct.Of(review, ReviewAction.Escalated, now));
            db.Publish(review.ToNews(overdue: true, restricted.Contains(review.ReviewId)));
        }

        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(CancellationToken.None);

        var open = db.Reviews.Where(review => review.State == ReviewState.Open);
        var overdue = await open.CountAsync(review => review.DueAt < now, cancellationToken);
        var oldest = await open.MinAsync(review => (DateTimeOffset?)review.RaisedAt, cancellationToken);
        MatchingMetrics.Reviews = (
            await open.CountAsync(cancellationToken),
            overdue,
            oldest is null ? 0 : (now - oldest.Value).TotalSeconds
        );
        var unclaimed = await open.Where(review =>
                review.DueAt < now && (review.ClaimedUntil == null || review.ClaimedUntil <= now)
            )
            .GroupBy(review => review.CouncilCode)
            .ToDictionaryAsync(council => council.Key, council => council.Count(), cancellationToken);
        var heldSince = now - ChangesWait;
        var heldChanges = await db.Set<NumberChange>()
            .CountAsync(
                change => change.State == NumberChangeState.Held && (change.HeldAt ?? change.ReceivedAt) < heldSince,
                cancellationToken
            );
        (MatchingMetrics.Unclaimed, MatchingMetrics.HeldChanges) = (unclaimed, heldChanges);
        if (escalated.Count > 0)
            Escalated(Logger, escalated.Count, overdue);
        return (unclaimed, heldChanges);
    }

    protected override Task RunOnceAsync(CancellationToken cancellationToken) => RunAsync(cancellationToken);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "{Escalated} unclaimed reviews became overdue; {Overdue} overdue in total"
    )]
    private static partial void Escalated(ILogger logger, int escalated, int overdue);
}
