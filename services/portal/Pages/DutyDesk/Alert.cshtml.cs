using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Safeguarding.Portal.Notification;
using Safeguarding.Portal.Services;
using Safeguarding.Portal.SignIn;

namespace Safeguarding.Portal.Pages.DutyDesk;

/// <summary>One alert: what happened, where, whom to ring, and who has it.</summary>
/// <param name="alerts">The notification service.</param>
[Authorize("alert.read")]
public sealed class AlertModel(Notification.Client alerts) : PageModel
{
    /// <summary>Which alert.</summary>
    [BindProperty(SupportsGet = true)]
    public Guid Id { get; set; }

    /// <summary>Which version the person had read.</summary>
    [BindProperty]
    public long Version { get; set; }

    internal AlertView Alert { get; private set; } = null!;

    internal IReadOnlyList<GetAlertHistoryEntry> History { get; private set; } = [];

    internal IReadOnlyList<GetAlertHistoryAttemptView> Attempts { get; private set; } = [];

    internal bool MayReadPlans => SignedInPerson.Of(User)!.May("plan.read");

    internal bool MayReadPlace => SignedInPerson.Of(User)!.May("alert.place");

    internal bool MayAnswer => SignedInPerson.Of(User)!.May("alert.ack");

    /// <summary>Reads it.</summary>
    /// <param name="cancellationToken">The request's.</param>
    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken)
    {
        Alert = await alerts.GetAlertAsync(Id, cancellationToken: cancellationToken);
        var history = await alerts.GetAlertHistoryAsync(Id, cancellationToken: cancellationToken);
        (History, Attempts) = ([.. history.Entries.Reverse()], [.. history.Attempts]);
        return Page();
    }

    /// <summary>The person has the alert. A second time says the same, so nothing is done twice.</summary>
    /// <param name="cancellationToken">The request's.</param>
    public async Task<IActionResult> OnPostAcknowledgeAsync(CancellationToken cancellationToken)
    {
        try
        {
            await alerts.AcknowledgeAlertAsync(
                Id,
                body: new AcknowledgeAlertRequest
                {
                    Kind = ActorKind.Person,
                    Name = SignedInPerson.Of(User)!.Name,
                    Version = Version,
                },
                cancellationToken: cancellationToken
            );
        }
        catch (ApiException<Problem> refused) when (refused.StatusCode == StatusCodes.Status409Conflict)
        {
            ModelState.AddModelError("", refused.Result.Detail ?? "The alert has changed meanwhile.");
            return await OnGetAsync(cancellationToken);
        }

        return RedirectToPage(new { Id });
    }
}
