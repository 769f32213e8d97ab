using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Safeguarding.Portal.PlanRegistry;
using Safeguarding.Portal.Services;

namespace Safeguarding.Portal.Pages.Register;

/// <summary>The council's uploads, the newest first; what needs its word is a list of its own.</summary>
/// <param name="registry">The plan registry.</param>
[Authorize("plan.write")]
public sealed class UploadsModel(PlanRegistry.Client registry) : PageModel
{
    internal static readonly (string? Value, string Text)[] States =
    [
        (null, "All"),
        ("awaiting-confirmation", "Need your word"),
        ("completed", "Done"),
        ("failed", "Not usable"),
        ("discarded", "Discarded"),
    ];

    /// <summary>One of the states; all where not given.</summary>
    [BindProperty(SupportsGet = true)]
    public string? State { get; set; }

    /// <summary>Where the page before ended.</summary>
    [BindProperty(SupportsGet = true)]
    public Guid? After { get; set; }

    internal Part<UploadsPage> Uploads { get; private set; } = new(null, null);

    /// <summary>Reads a page of them.</summary>
    /// <param name="cancellationToken">The request's.</param>
    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken)
    {
        if (!ModelState.IsValid || States.All(one => one.Value != State))
            return NotFound();
        Uploads = await Part.OfAsync(registry.ListUploadsAsync(State, After, cancellationToken: cancellationToken));
        if (Uploads.Missing is not null)
            Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        return Page();
    }
}
