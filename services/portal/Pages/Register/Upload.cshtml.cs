using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Safeguarding.Portal.PlanRegistry;
using Safeguarding.Portal.Services;
using Safeguarding.Portal.SignIn;

namespace Safeguarding.Portal.Pages.Register;

/// <summary>
/// One upload: what the check found, what the file would do, and the council's word. While it is worked on the page
/// asks again by itself.
/// </summary>
/// <param name="registry">The plan registry.</param>
/// <param name="clock">Until when it can be confirmed.</param>
[Authorize("plan.write")]
public sealed class UploadModel(PlanRegistry.Client registry, TimeProvider clock) : PageModel
{
    private const int LinesShown = 50;
    private const int EndingsShown = 20;

    /// <summary>Which upload.</summary>
    [BindProperty(SupportsGet = true)]
    public Guid Id { get; set; }

    /// <summary>How many running plans it would end or change, as the person typed it.</summary>
    [BindProperty]
    public string? Plans { get; set; }

    internal UploadView Upload { get; private set; } = null!;

    internal Part<LinesPage> Refused { get; private set; } = new(null, null);

    internal Part<EndingsPage> Endings { get; private set; } = new(null, null);

    internal bool IsUnderWay => Upload.State is "receiving" or "queued" or "applying" or "ending";

    internal bool IsKept => Upload.KeptUntil > clock.GetUtcNow();

    internal bool IsChecked => Upload is { DryRun: true, State: "completed" };

    /// <summary>Whether it waits for a word that can still be given.</summary>
    internal bool Waits => Upload.State == "awaiting-confirmation" || (IsChecked && IsKept);

    internal IReadOnlyList<string> NeedsLook => [.. Upload.Effect.NeedConfirmationBecause];

    /// <summary>The running plans that would not be as they are.</summary>
    internal int PlansAtStake =>
        Upload.Effect.Missing + Upload.Effect.Ended + Upload.Effect.Deleted + Upload.Effect.IdentityChanges;

    /// <summary>False where every line is refused, and no plan is left out.</summary>
    internal bool DoesSomething =>
        PlansAtStake > 0 || Upload.Counts.Refused + Upload.Counts.Skipped < Upload.Progress.Lines;

    internal IEnumerable<LineReport> LinesToShow => Refused.Value?.Lines.Take(LinesShown) ?? [];

    internal IEnumerable<EndingView> EndingsToShow => Endings.Value?.Endings.Take(EndingsShown) ?? [];

    /// <summary>Reads it.</summary>
    /// <param name="cancellationToken">The request's.</param>
    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken)
    {
        Upload = await registry.GetUploadAsync(Id, cancellationToken: cancellationToken);
        if (IsUnderWay)
        {
            Response.Headers["Refresh"] = $"3;url=/uploads/{Id}?{BackgroundRequest.Query}=true";
            return Page();
        }

        if (Upload.Counts.Refused > 0)
        {
            Refused = await Part.OfAsync(
                registry.ListLinesAsync(Id, outcome: "refused", cancellationToken: cancellationToken)
            );
        }

        if (Upload.Effect.Missing > 0)
            Endings = await Part.OfAsync(registry.ListEndingsAsync(Id, cancellationToken: cancellationToken));
        return Page();
    }

    /// <summary>The file is right. A second time says the same, so nothing is done twice.</summary>
    /// <param name="cancellationToken">The request's.</param>
    public async Task<IActionResult> OnPostConfirmAsync(CancellationToken cancellationToken)
    {
        Upload = await registry.GetUploadAsync(Id, cancellationToken: cancellationToken);
        if (Waits && NeedsLook is not [] && Plans?.Trim() != $"{PlansAtStake}")
        {
            ModelState.AddModelError(
                nameof(Plans),
                $"Enter {PlansAtStake} if the file is right. If it is not, discard it"
            );
            return await OnGetAsync(cancellationToken);
        }

        return await DecideAsync(
            registry.ConfirmUploadAsync(Id, cancellationToken: cancellationToken),
            cancellationToken
        );
    }

    /// <summary>The file is wrong. A second time says the same.</summary>
    /// <param name="cancellationToken">The request's.</param>
    public Task<IActionResult> OnPostDiscardAsync(CancellationToken cancellationToken) =>
        DecideAsync(registry.DiscardUploadAsync(Id, cancellationToken: cancellationToken), cancellationToken);

    /// <summary>The refused lines as a file, to be corrected.</summary>
    /// <param name="cancellationToken">The request's.</param>
    public async Task<IActionResult> OnGetRefusedLinesAsync(CancellationToken cancellationToken)
    {
        var lines = await registry.ListRefusedLinesAsync(Id, cancellationToken: cancellationToken);
        HttpContext.Response.RegisterForDispose(lines);
        Response.Headers.CacheControl = "no-store";
        return File(lines.Stream, "text/csv; charset=utf-8", "refused-lines.csv");
    }

    // Somebody was quicker, or the day is over: the page says what stands now.
    private async Task<IActionResult> DecideAsync(Task<UploadView> decision, CancellationToken cancellationToken)
    {
        try
        {
            await decision;
        }
        catch (ApiException<Problem> refused) when (refused.StatusCode == StatusCodes.Status409Conflict)
        {
            ModelState.AddModelError("", $"Nothing was done. {refused.Result.Detail}");
            return await OnGetAsync(cancellationToken);
        }

        return RedirectToPage(new { Id });
    }
}
