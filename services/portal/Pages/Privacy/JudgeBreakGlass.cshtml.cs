using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Safeguarding.Portal.PlanRegistry;
using Safeguarding.Portal.Services;
using Safeguarding.Portal.TagHelpers;

namespace Safeguarding.Portal.Pages.Privacy;

/// <summary>
/// One use of break-glass: whether the reason bore it. Judged once, by somebody who had no part in it.
/// </summary>
/// <param name="plans">The plan registry.</param>
[Authorize("breakglass.review")]
public sealed class JudgeBreakGlassModel(PlanRegistry.Client plans) : PageModel
{
    internal const int LongestNote = 500;

    private const string NotJustified = "not-justified";

    internal static readonly Choice[] Verdicts =
    [
        new("justified", "Justified", "The reason bore it."),
        new(NotJustified, "Not justified", "Say below what came of it."),
    ];

    /// <summary>Which use.</summary>
    [BindProperty(SupportsGet = true)]
    public Guid Id { get; set; }

    /// <summary>One of the verdicts.</summary>
    [BindProperty]
    public string? Verdict { get; set; }

    /// <summary>What came of it.</summary>
    [BindProperty]
    public string? Note { get; set; }

    /// <summary>Null where it waits no longer.</summary>
    internal BreakGlassView? Use { get; private set; }

    /// <summary>Asks.</summary>
    /// <param name="cancellationToken">The request's.</param>
    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken)
    {
        var waiting = await plans.ListBreakGlassAsync(BreakGlassModel.Waiting, cancellationToken: cancellationToken);
        Use = waiting.Uses.FirstOrDefault(one => one.UseId == Id);
        return Use is null && ModelState.IsValid ? NotFound() : Page();
    }

    /// <summary>Judges it.</summary>
    /// <param name="cancellationToken">The request's.</param>
    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        var note = string.IsNullOrWhiteSpace(Note) ? null : Note.Trim();
        if (Verdicts.All(one => one.Value != Verdict))
            ModelState.AddModelError(nameof(Verdict), "Select whether it was justified");
        if (Verdict == NotJustified && note is null)
            ModelState.AddModelError(nameof(Note), "Say what came of it");
        if (note is { Length: > LongestNote })
            ModelState.AddModelError(nameof(Note), "Say it in at most 500 characters");
        if (!ModelState.IsValid)
            return await OnGetAsync(cancellationToken);

        try
        {
            await plans.JudgeBreakGlassAsync(
                Id,
                body: new BreakGlassJudgement { Verdict = Verdict, Note = note },
                cancellationToken: cancellationToken
            );
        }
        catch (ForbiddenException)
        {
            // The role was asked before: what is refused here is a part in the use.
            ModelState.AddModelError("", "You had a part in this use yourself: another privacy officer judges it.");
            return await OnGetAsync(cancellationToken);
        }
        catch (ApiException<Problem> refused) when (refused.StatusCode == StatusCodes.Status409Conflict)
        {
            ModelState.AddModelError("", "This use has already been reviewed.");
            return await OnGetAsync(cancellationToken);
        }

        return RedirectToPage("/Privacy/BreakGlass", new { state = "judged" });
    }
}
