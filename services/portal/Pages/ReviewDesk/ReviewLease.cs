using Safeguarding.Portal.Matching;
using Safeguarding.Portal.SignIn;

namespace Safeguarding.Portal.Pages.ReviewDesk;

/// <summary>
/// Who has a question, and until when. The claim is asked for by name each time that it is needed, so that no browser
/// has to keep it: who has it already gets it again, for longer.
/// </summary>
internal static class ReviewLease
{
    public static bool IsOf(ReviewView review, SignedInPerson person) => person.HasSigned(review.ClaimedBy);

    /// <exception cref="ApiException{Problem}">409: somebody else has it, or it is not open.</exception>
    public static async Task<Guid> TakeAsync(
        Client reviews,
        Guid review,
        SignedInPerson person,
        CancellationToken cancellationToken
    )
    {
        var claim = await reviews.ClaimReviewsOneAsync(
            review,
            body: new ClaimReviewsRequest { Reviewer = person.Name },
            cancellationToken: cancellationToken
        );
        return claim.ClaimId;
    }

    /// <returns>Null where somebody else has it, or it is not open.</returns>
    public static async Task<Guid?> TryTakeAsync(
        Client reviews,
        Guid review,
        SignedInPerson person,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await TakeAsync(reviews, review, person, cancellationToken);
        }
        catch (ApiException<Problem> refused) when (refused.StatusCode == StatusCodes.Status409Conflict)
        {
            return null;
        }
    }
}
