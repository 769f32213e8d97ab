using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Safeguarding.Hosting.Access;
using Safeguarding.Hosting.Privacy;
using Safeguarding.Matching.Domain.Reviews;
using Safeguarding.Matching.Storage;

namespace Safeguarding.Matching.Reviews;

/// <summary>How many questions wait for a council, and how they were decided, without showing one.</summary>
internal static class CountReviews
{
    private const int Days = 28;

    internal static async Task<Ok<Count>> Handle(
        Caller caller,
        MatchingDb db,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        var now = clock.GetUtcNow();
        var open = await db
            .Reviews.AsNoTracking()
            .Where(review => review.CouncilCode == caller.Organisation && review.State == ReviewState.Open)
            .Select(review => review.DueAt)
            .ToListAsync(cancellationToken);
        var decided = await db.Set<ReviewAct>()
            .AsNoTracking()
            .Where(act =>
                act.CouncilCode == caller.Organisation
                && act.At > now.AddDays(-Days)
                && act.Action == ReviewAction.Decided
            )
            .Select(act => act.Verdict)
            .ToListAsync(cancellationToken);
        var verdicts = SmallNumbers.HideParts([
            Of(ReviewVerdict.SameChild),
            Of(ReviewVerdict.NotThisChild),
            Of(ReviewVerdict.CannotTell),
        ]);
        return TypedResults.Ok(
            new Count(
                open.Count,
                open.Count(due => due < now),
                SmallNumbers.Hide(decided.Count),
                verdicts[0],
                verdicts[1],
                verdicts[2]
            )
        );

        int Of(ReviewVerdict verdict) => decided.Count(one => one == verdict);
    }

    /// <param name="Open">Questions that wait.</param>
    /// <param name="Overdue">Of these, those that should have been decided.</param>
    /// <param name="Decided">In the last 28 days; absent where they are 1 to 4, as are the next three.</param>
    /// <param name="SameChild">Of these, those decided so.</param>
    /// <param name="NotThisChild">Likewise.</param>
    /// <param name="CannotTell">Likewise.</param>
    internal sealed record Count(
        int Open,
        int Overdue,
        int? Decided,
        int? SameChild,
        int? NotThisChild,
        int? CannotTell
    );
}
