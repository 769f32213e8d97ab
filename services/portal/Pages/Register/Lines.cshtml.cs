using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Safeguarding.Portal.PlanRegistry;

namespace Safeguarding.Portal.Pages.Register;

/// <summary>What came of each line of an upload, a hundred at a time.</summary>
/// <param name="registry">The plan registry.</param>
[Authorize("plan.write")]
public sealed class LinesModel(PlanRegistry.Client registry) : PageModel
{
    private const int AtOnce = 100;

    internal static readonly string?[] Outcomes =
    [
        null,
        "refused",
        "held",
        "registered",
        "amended",
        "ended",
        "deleted",
        "unchanged",
        "not-kept",
        "skipped",
        "discarded",
    ];

    /// <summary>Which upload.</summary>
    [BindProperty(SupportsGet = true)]
    public Guid Id { get; set; }

    /// <summary>One of the outcomes; all where not given.</summary>
    [BindProperty(SupportsGet = true)]
    public string? Outcome { get; set; }

    /// <summary>The line with which the page before ended.</summary>
    [BindProperty(SupportsGet = true)]
    public int? After { get; set; }

    internal IReadOnlyList<LineReport> Lines { get; private set; } = [];

    internal int? Next { get; private set; }

    /// <summary>Reads a page of them.</summary>
    /// <param name="cancellationToken">The request's.</param>
    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken)
    {
        if (!ModelState.IsValid || !Outcomes.Contains(Outcome))
            return NotFound();
        var page = await registry.ListLinesAsync(Id, After, Outcome, cancellationToken: cancellationToken);
        Lines = [.. page.Lines.Take(AtOnce)];
        Next = page.Lines.Count > AtOnce || page.Next is not null ? Lines[^1].Line : null;
        return Page();
    }
}
