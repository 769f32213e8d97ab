using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Safeguarding.Portal.Services;

namespace Safeguarding.Portal.Pages.Operations;

/// <summary>Messages that a service could not take, and sending them again with a reason.</summary>
/// <param name="parked">The messages.</param>
[Authorize("ops")]
public sealed class ParkedModel(ParkedMessages parked) : PageModel
{
    internal const int LongestReason = 500;

    /// <summary>Why it is sent again: read by auditors.</summary>
    [BindProperty]
    public string? Reason { get; set; }

    /// <summary>Which service.</summary>
    [BindProperty]
    public string? Service { get; set; }

    /// <summary>Which message.</summary>
    [BindProperty]
    public Guid Message { get; set; }

    internal IReadOnlyList<Part<IReadOnlyList<ParkedMessage>>> Parts { get; private set; } = [];

    internal IEnumerable<ParkedMessage> Messages =>
        Parts.SelectMany(part => part.Value ?? []).OrderBy(message => message.ParkedAt);

    /// <summary>Lists them.</summary>
    /// <param name="cancellationToken">The request's.</param>
    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken)
    {
        Parts = await parked.ListAsync(cancellationToken);
        if (Parts.Any(part => part.Missing is not null))
            Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        return Page();
    }

    /// <summary>Sends one again. One that was sent already is answered so, and goes once.</summary>
    /// <param name="cancellationToken">The request's.</param>
    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        var reason = Reason?.Trim();
        if (reason is not { Length: > 0 and <= LongestReason })
        {
            ModelState.AddModelError(nameof(Reason), "Say in at most 500 characters why it is sent again");
            return await OnGetAsync(cancellationToken);
        }

        try
        {
            await parked.ReplayAsync(Service ?? "", Message, reason, cancellationToken);
        }
        catch (NotFoundException)
        {
            ModelState.AddModelError("", "There is no such message any more.");
            return await OnGetAsync(cancellationToken);
        }
        catch (Exception exception) when (RefusalOf(exception) is { } refusal)
        {
            ModelState.AddModelError("", refusal);
            return await OnGetAsync(cancellationToken);
        }

        return RedirectToPage();
    }

    // The same refusal in the types of four clients.
    private static string? RefusalOf(Exception exception) =>
        exception switch
        {
            PlanRegistry.ApiException<PlanRegistry.Problem> { StatusCode: < 500 } one => one.Result.Detail,
            EncounterIngest.ApiException<EncounterIngest.Problem> { StatusCode: < 500 } one => one.Result.Detail,
            Matching.ApiException<Matching.Problem> { StatusCode: < 500 } one => one.Result.Detail,
            Notification.ApiException<Notification.Problem> { StatusCode: < 500 } one => one.Result.Detail,
            _ => null,
        };
}
