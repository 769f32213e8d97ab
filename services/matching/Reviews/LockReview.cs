using Microsoft.EntityFrameworkCore;
using Safeguarding.Hosting.Access;
using Safeguarding.Matching.Encounters;
using Safeguarding.Matching.Storage;

namespace Safeguarding.Matching.Reviews;

internal static class LockReview
{
    /// <summary>
    /// Locks a council's question and its encounter until the commit, and keeps plans out; null where the
    /// council has no such question.
    /// </summary>
    public static async Task<(Review Review, Encounter Encounter)?> LockReviewAsync(
        this MatchingDb db,
        Guid reviewId,
        Caller caller,
        CancellationToken cancellationToken
    )
    {
        var encounterId = await db
            .Reviews.Where(review => review.ReviewId == reviewId && review.CouncilCode == caller.Organisation)
            .Select(review => (Guid?)review.EncounterId)
            .SingleOrDefaultAsync(cancellationToken);
        if (encounterId is null)
            return null;
        // Plans, encounter, review: in the order of decision 9.
        await db.KeepPlansOutAsync(cancellationToken);
        var encounter = (await db.LockAsync([encounterId.Value], cancellationToken)).Single();
        var review = await db
            .Reviews.FromSql($"SELECT * FROM matching.review WHERE review_id = {reviewId} FOR UPDATE")
            .AsNoTracking()
            .SingleAsync(cancellationToken);
        return (review, encounter);
    }
}
