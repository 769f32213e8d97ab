using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Safeguarding.Hosting.Access;
using Safeguarding.Hosting.Privacy;
using Safeguarding.Matching.Domain.Reviews;
using Safeguarding.Matching.Rules;
using Safeguarding.Matching.Storage;

namespace Safeguarding.Matching.Reviews;

/// <summary>A council's open questions, the first due first, each with its own plans only.</summary>
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
        bool overdue = false
    )
    {
        // Cut down without a word, a list would look like all there is.
        if (limit is < 1 or > 200)
        {
            return Refusal.Problem(
                StatusCodes.Status400BadRequest,
                "limit-out-of-range",
                "limit must be 1 to 200.",
                new FieldError("limit", "1 to 200")
            );
        }

        var now = clock.GetUtcNow();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var reviews = await db
            .Reviews.AsNoTracking()
            .Where(review =>
                review.CouncilCode == caller.Organisation
                && review.State == ReviewState.Open
                && (!overdue || review.DueAt < now)
            )
            .OrderBy(review => review.DueAt)
            .ThenBy(review => review.ReviewId)
            .Take(limit)
            .ToListAsync(cancellationToken);
        var views = await ReviewView.OfAsync(reviews, caller, db, sealer, parameters, now, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return TypedResults.Ok(views);
    }
}
