using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Safeguarding.Hosting.Access;
using Safeguarding.Matching.Storage;

namespace Safeguarding.Matching.Reviews;

/// <summary>Gives a claimed question back undecided.</summary>
internal static class ReleaseReview
{
    internal static async Task<Results<NoContent, ProblemHttpResult>> Handle(
        Guid reviewId,
        ReleaseReviewRequest request,
        Caller caller,
        MatchingDb db,
        CancellationToken cancellationToken
    )
    {
        if (request.ClaimId is null)
        {
            return Refusal.Problem(
                StatusCodes.Status400BadRequest,
                "claim-missing",
                "Say which claim is given back.",
                new FieldError("claimId", "is missing")
            );
        }

        var given = await db
            .Reviews.Where(review =>
                review.ReviewId == reviewId
                && review.CouncilCode == caller.Organisation
                && review.ClaimId == request.ClaimId
            )
            .ExecuteUpdateAsync(
                set =>
                    set.SetProperty(review => review.ClaimId, (Guid?)null)
                        .SetProperty(review => review.ClaimedBy, (string?)null)
                        .SetProperty(review => review.ClaimedUntil, (DateTimeOffset?)null),
                cancellationToken
            );
        return given == 0 ? Refusal.NotFound() : TypedResults.NoContent();
    }
}

internal sealed record ReleaseReviewRequest(Guid? ClaimId);
