using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Safeguarding.Portal.Matching;
using Safeguarding.Portal.Services;
using Safeguarding.Portal.SignIn;

namespace Safeguarding.Portal.Pages.ReviewDesk;

/// <summary>The council's open questions, the first due first, unless the decided ones are asked for.</summary>
/// <param name="reviews">The matching service.</param>
[Authorize("review.decide")]
public sealed class ReviewsModel(Matching.Client reviews) : PageModel
{
    private const int AtOnce = 50;

    internal static readonly (string Value, string Text)[] States =
    [
        ("open", "Open"),
        ("overdue", "Overdue"),
        ("decided", "Decided"),
    ];

    /// <summary>One of the states; open where not given.</summary>
    [BindProperty(SupportsGet = true)]
    public string? State { get; set; }

    /// <summary>The last question of the page before.</summary>
    [BindProperty(SupportsGet = true)]
    public Guid? After { get; set; }

    internal IReadOnlyList<ReviewView> Reviews { get; private set; } = [];

    internal Guid? Next { get; private set; }

    internal string? Missing { get; private set; }

    internal bool NothingIsFree { get; private set; }

    internal SignedInPerson Person => SignedInPerson.Of(User)!;

    /// <summary>Reads them.</summary>
    /// <param name="cancellationToken">The request's.</param>
    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken)
    {
        State ??= "open";
        if (!ModelState.IsValid || States.All(one => one.Value != State))
            return NotFound();
        try
        {
            // One more than is shown says whether there are more.
            var (found, missing) = await Part.OfAsync(
                reviews.ListReviewsAsync(
                    limit: AtOnce + 1,
                    overdue: State == "overdue",
                    state: State == "decided" ? "resolved" : "open",
                    after: After,
                    cancellationToken: cancellationToken
                )
            );
            (Reviews, Missing) = ([.. (found ?? []).Take(AtOnce)], missing);
            Next = found?.Count > AtOnce ? Reviews[^1].ReviewId : null;
        }
        catch (ApiException<Problem> refused) when (refused.StatusCode == StatusCodes.Status400BadRequest)
        {
            return NotFound();
        }

        if (Missing is not null)
            Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        return Page();
    }

    /// <summary>
    /// Takes the question that is due first of those that nobody has; one that the person has already comes before it,
    /// so that a second click takes no second question.
    /// </summary>
    /// <param name="cancellationToken">The request's.</param>
    public async Task<IActionResult> OnPostNextAsync(CancellationToken cancellationToken)
    {
        var open = await reviews.ListReviewsAsync(limit: AtOnce, cancellationToken: cancellationToken);
        if (open.FirstOrDefault(review => ReviewLease.IsOf(review, Person)) is { } mine)
            return RedirectToPage("/ReviewDesk/Review", new { Id = mine.ReviewId });
        foreach (var free in open.Where(review => review.ClaimedBy is null))
        {
            if (await ReviewLease.TryTakeAsync(reviews, free.ReviewId, Person, cancellationToken) is not null)
                return RedirectToPage("/ReviewDesk/Review", new { Id = free.ReviewId });
        }

        NothingIsFree = true;
        return await OnGetAsync(cancellationToken);
    }
}
