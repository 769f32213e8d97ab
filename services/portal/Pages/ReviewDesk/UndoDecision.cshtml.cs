using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Safeguarding.Portal.Matching;
using Safeguarding.Portal.SignIn;

namespace Safeguarding.Portal.Pages.ReviewDesk;

/// <summary>Takes a decision back, with the reason.</summary>
/// <param name="reviews">The matching service.</param>
[Authorize("review.decide")]
public sealed class UndoDecisionModel(Matching.Client reviews) : PageModel
{
    /// <summary>Which question.</summary>
    [BindProperty(SupportsGet = true)]
    public Guid Id { get; set; }

    /// <summary>Which version the person had read.</summary>
    [BindProperty]
    public long Version { get; set; }

    /// <summary>Why.</summary>
    [BindProperty]
    public string? Reason { get; set; }

    internal ReviewView Review { get; private set; } = null!;

    /// <summary>Asks why.</summary>
    /// <param name="cancellationToken">The request's.</param>
    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken)
    {
        Review = (await reviews.GetReviewAsync(Id, cancellationToken: cancellationToken)).Review;
        return Page();
    }

    /// <summary>Takes it back. A second time there is nothing to take back, and the page says what stands.</summary>
    /// <param name="cancellationToken">The request's.</param>
    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(Reason) || Reason.Length > ReviewModel.LongestReason)
        {
            ModelState.AddModelError(
                nameof(Reason),
                $"Enter why you undo the decision, in {ReviewModel.LongestReason} characters or fewer"
            );
            return await OnGetAsync(cancellationToken);
        }

        try
        {
            await reviews.UndoReviewAsync(
                Id,
                new UndoReviewRequest
                {
                    Reason = Reason,
                    Reviewer = SignedInPerson.Of(User)!.Name,
                    Version = Version,
                },
                cancellationToken: cancellationToken
            );
        }
        catch (ApiException<Problem> refused) when (refused.StatusCode == StatusCodes.Status409Conflict)
        {
            await OnGetAsync(cancellationToken);
            // Of a second click: it is undone.
            if (Review.State == ReviewState.Open)
                return RedirectToPage("/ReviewDesk/Review", new { Id });
            ModelState.AddModelError("", $"Nothing was undone. {refused.Result.Detail}");
            Response.StatusCode = StatusCodes.Status409Conflict;
            return Page();
        }

        return RedirectToPage("/ReviewDesk/Review", new { Id });
    }
}
