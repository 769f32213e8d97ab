using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Safeguarding.Portal.PlanRegistry;

namespace Safeguarding.Portal.Pages.Privacy;

/// <summary>
/// The organisation's uses of break-glass: those that wait, the oldest first, or those that were judged.
/// </summary>
/// <param name="plans">The plan registry.</param>
[Authorize("breakglass.review")]
public sealed class BreakGlassModel(PlanRegistry.Client plans) : PageModel
{
    internal const string Waiting = "waiting";

    internal static readonly (string Value, string Text)[] States = [(Waiting, "Waiting"), ("judged", "Judged")];

    /// <summary>One of the states; waiting where not given.</summary>
    [BindProperty(SupportsGet = true)]
    public string? State { get; set; }

    internal BreakGlassPage Found { get; private set; } = null!;

    /// <summary>Reads them.</summary>
    /// <param name="cancellationToken">The request's.</param>
    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken)
    {
        State ??= Waiting;
        if (States.All(one => one.Value != State))
            return NotFound();
        Found = await plans.ListBreakGlassAsync(State, cancellationToken: cancellationToken);
        return Page();
    }
}
