using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Safeguarding.Portal.Matching;
using Safeguarding.Portal.Services;

namespace Safeguarding.Portal.Pages.ReviewDesk;

/// <summary>The council's load, how its reviewers agree, and whether the hub's own figures hold.</summary>
/// <param name="reviews">The matching service.</param>
[Authorize("review.decide")]
public sealed class ReviewFiguresModel(Matching.Client reviews) : PageModel
{
    internal ReviewFigures? Figures { get; private set; }

    internal string? Missing { get; private set; }

    /// <summary>Reads them.</summary>
    /// <param name="cancellationToken">The request's.</param>
    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken)
    {
        (Figures, Missing) = await Part.OfAsync(reviews.ReviewFiguresAsync(cancellationToken: cancellationToken));
        if (Missing is not null)
            Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        return Page();
    }
}
