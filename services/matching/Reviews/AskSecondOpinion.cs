using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Safeguarding.Hosting.Access;
using Safeguarding.Matching.Domain.Reviews;
using Safeguarding.Matching.Storage;

namespace Safeguarding.Matching.Reviews;

/// <summary>A reviewer says what they think and leaves the decision to a second, who does not see it.</summary>
internal static class AskSecondOpinion
{
    internal static async Task<Results<NoContent, ProblemHttpResult>> Handle(
        Guid reviewId,
        AskSecondOpinionRequest request,
        Caller caller,
        MatchingDb db,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        var errors = new List<FieldError>();
        if (request.Version is null)
            errors.Add(new("version", "is missing"));
        if (request.Opinion is null or ReviewVerdict.Undone)
            errors.Add(new("opinion", "must be sameChild, notThisChild or cannotTell"));
        var reviewer = Reviewer.Of(request.Reviewer, caller);
        if (!reviewer.IsOnePerson)
            errors.Add(new("reviewer", "is missing: the second must be somebody else"));
        Reviewer.JudgeReason(request.Reason, errors);
        Reviewer.Judge(request.Reviewer, errors);
        if (errors.Count > 0)
        {
            return Refusal.Problem(
                StatusCodes.Status400BadRequest,
                "opinion-incomplete",
                "A second opinion needs the first one.",
                [.. errors]
            );
        }

        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (
            await LockedReview.OfAsync(db, transaction, reviewId, caller, others: false, cancellationToken)
            is not { Review: var review }
        )
        {
            return Refusal.NotFound();
        }

        var now = clock.GetUtcNow();
        if (Reviewer.Keeps(review, request.ClaimId, reviewer, now) is { } kept)
            return kept;
        if (review.Version != request.Version)
            return Reviewer.Changed();
        if (review.OpinionBy is not null)
        {
            return Refusal.Problem(
                StatusCodes.Status409Conflict,
                "second-opinion-asked",
                "This is the second opinion: decide, or say that you cannot tell."
            );
        }

        await db
            .Reviews.Where(held => held.ReviewId == reviewId)
            .ExecuteUpdateAsync(
                set =>
                    set.SetProperty(held => held.OpinionBy, reviewer.Text)
                        .SetProperty(held => held.Opinion, request.Opinion)
                        .SetProperty(held => held.ClaimId, (Guid?)null)
                        .SetProperty(held => held.ClaimedBy, (string?)null)
                        .SetProperty(held => held.ClaimedUntil, (DateTimeOffset?)null),
                cancellationToken
            );
        db.Add(ReviewAct.Of(review, ReviewAction.Opinion, now, request.Opinion, reviewer.Text, request.Reason));
        db.Audit(caller, "review.second-opinion", reviewId);
        await db.SaveChangesAsync(cancellationToken);
        await db.CommitAsync();
        return TypedResults.NoContent();
    }
}

internal sealed record AskSecondOpinionRequest(
    long? Version,
    ReviewVerdict? Opinion,
    string? Reason,
    Guid? ClaimId,
    string? Reviewer
);
