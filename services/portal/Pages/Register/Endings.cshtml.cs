using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Safeguarding.Portal.PlanRegistry;

namespace Safeguarding.Portal.Pages.Register;

/// <summary>The running plans that a whole register leaves out, a few hundred at a time.</summary>
/// <param name="registry">The plan registry.</param>
[Authorize("plan.write")]
public sealed class EndingsModel(PlanRegistry.Client registry) : PageModel
{
    private const int AtOnce = 300;

    /// <summary>Which upload.</summary>
    [BindProperty(SupportsGet = true)]
    public Guid Id { get; set; }

    /// <summary>The reference with which the page before ended.</summary>
    [BindProperty(SupportsGet = true)]
    public string? After { get; set; }

    internal IReadOnlyList<EndingView> Endings { get; private set; } = [];

    internal string? Next { get; private set; }

    /// <summary>Reads a page of them.</summary>
    /// <param name="cancellationToken">The request's.</param>
    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken)
    {
        var page = await registry.ListEndingsAsync(Id, After, cancellationToken: cancellationToken);
        Endings = [.. page.Endings.Take(AtOnce)];
        Next = page.Endings.Count > AtOnce || page.Next is not null ? Endings[^1].Reference : null;
        return Page();
    }
}
