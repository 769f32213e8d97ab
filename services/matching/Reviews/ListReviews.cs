using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Safeguarding.Hosting.Access;
using Safeguarding.Hosting.Privacy;
using Safeguarding.Matching.Domain.Reviews;
using Safeguarding.Matching.Rules.Model;
using Safeguarding.Matching.Storage;

namespace Safeguarding.Matching.Reviews;

/// <summary>
/// A council's questions, each with its own plans only: the open ones, the first due first, or those that people
/// decided, the latest first.
/// </summary>
internal static class ListReviews
{
    internal static async Task<Results<Ok<List<ReviewView>>, ProblemHttpResult>> Handle(
        Caller caller,
        MatchingDb db,
        Sealer sealer,
        Parameters parameters,
        TimeProvider clock,
        CancellationToken cancellationToken,
        int limit = 50,
        bool overdue = false,
        string state = "open",
        Guid? after = null
    )
    {
        // Cut down without a word, a list would look like all there is.
        if (limit is < 1 or > 200)
            return Wrong("limit-out-of-range", "limit", "must be 1 to 200");
        if (state is not ("open" or "resolved"))
            return Wrong("state-invalid", "state", "must be open or resolved");

        var now = clock.GetUtcNow();
        var own = db.Reviews.AsNoTracking().Where(review => review.CouncilCode == caller.Organisation);
        var last = after is null
            ? null
            : await own.SingleOrDefaultAsync(review => review.ReviewId == after, cancellationToken);
        if (after is not null && last is null)
            return Wrong("after-unknown", "after", "must be the last question of a page before");
        var found = state == "open" ? Open(own, last, overdue ? now : null) : Resolved(own, last);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var reviews = await found.Take(limit).ToListAsync(cancellationToken);
        var views = await ReviewView.OfAsync(reviews, caller, db, sealer, parameters, now, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return TypedResults.Ok(views);
    }

    private static IQueryable<Review> Open(IQueryable<Review> own, Review? last, DateTimeOffset? dueBefore) =>
        own.Where(review =>
                review.State == ReviewState.Open
                && (dueBefore == null || review.DueAt < dueBefore)
                && (
                    last == null
                    || review.DueAt > last.DueAt
                    || (review.DueAt == last.DueAt && review.ReviewId > last.ReviewId)
                )
            )
            .OrderBy(review => review.DueAt)
            .ThenBy(review => review.ReviewId);

    // One that was undone meanwhile has no place among them any more: the list begins again.
    private static IQueryable<Review> Resolved(IQueryable<Review> own, Review? last) =>
        own.Where(review =>
                review.State == ReviewState.Resolved
                && (
                    last == null
                    || last.ClosedAt == null
                    || review.ClosedAt < last.ClosedAt
                    || (review.ClosedAt == last.ClosedAt && review.ReviewId < last.ReviewId)
                )
            )
            .OrderByDescending(review => review.ClosedAt)
            .ThenByDescending(review => review.ReviewId);

    private static ProblemHttpResult Wrong(string code, string field, string message) =>
        Refusal.Problem(StatusCodes.Status400BadRequest, code, $"{field} {message}.", new FieldError(field, message));
}
