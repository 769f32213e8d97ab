using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Safeguarding.Portal.PlanRegistry;
using Safeguarding.Portal.Services;

namespace Safeguarding.Portal.Pages.Privacy;

/// <summary>A colleague confirms a use of break-glass. They see neither the child nor the answer.</summary>
/// <param name="plans">The plan registry.</param>
[Authorize("breakglass.use")]
public sealed class SecondBreakGlassModel(PlanRegistry.Client plans) : PageModel
{
    /// <summary>Which use.</summary>
    [BindProperty(SupportsGet = true)]
    public Guid Id { get; set; }

    internal BreakGlassView? Seconded { get; private set; }

    /// <summary>Confirms it. A second time says the same.</summary>
    /// <param name="cancellationToken">The request's.</param>
    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        try
        {
            Seconded = await plans.SecondBreakGlassAsync(Id, cancellationToken: cancellationToken);
        }
        catch (ForbiddenException)
        {
            // The role was asked before: what is refused here is the person's own use.
            ModelState.AddModelError("", "This is your own use: ask a colleague to confirm it.");
        }
        catch (ApiException<Problem> refused) when (refused.StatusCode == StatusCodes.Status409Conflict)
        {
            ModelState.AddModelError("", refused.Result.Detail ?? "It can no longer be stood by.");
        }

        return Page();
    }
}
