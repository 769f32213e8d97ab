using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Safeguarding.Portal.PlanRegistry;

namespace Safeguarding.Portal.Pages.Register;

/// <summary>One plan, with whom it is about: what the hub finds the child by.</summary>
/// <param name="registry">The plan registry, which records the reading.</param>
[Authorize("plan.read")]
public sealed class PlanModel(PlanRegistry.Client registry) : PageModel
{
    /// <summary>The council's own reference.</summary>
    [BindProperty(SupportsGet = true)]
    public string Reference { get; set; } = "";

    internal PlanView Plan { get; private set; } = null!;

    /// <summary>Reads it.</summary>
    /// <param name="cancellationToken">The request's.</param>
    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken)
    {
        Plan = await registry.GetPlanAsync(Reference, cancellationToken: cancellationToken);
        return Page();
    }
}
