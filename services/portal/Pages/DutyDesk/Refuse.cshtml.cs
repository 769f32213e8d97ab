using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Safeguarding.Portal.Notification;
using Safeguarding.Portal.SignIn;
using Safeguarding.Portal.TagHelpers;

namespace Safeguarding.Portal.Pages.DutyDesk;

/// <summary>The alert is not the council's to follow, with the reason.</summary>
/// <param name="alerts">The notification service.</param>
[Authorize("alert.ack")]
public sealed class RefuseModel(Notification.Client alerts) : PageModel
{
    internal static readonly Choice[] Reasons =
    [
        new(
            nameof(RefusalReason.NotOurs),
            "The child is not ours",
            "For example the child has moved to another council, or the plan has ended."
        ),
        new(nameof(RefusalReason.WrongChild), "It is another child", "The patient is not the child on the plan."),
    ];

    /// <summary>Which alert.</summary>
    [BindProperty(SupportsGet = true)]
    public Guid Id { get; set; }

    /// <summary>Which version the person had read.</summary>
    [BindProperty]
    public long Version { get; set; }

    /// <summary>One of the reasons.</summary>
    [BindProperty]
    public string? Reason { get; set; }

    internal AlertView Alert { get; private set; } = null!;

    /// <summary>Asks why.</summary>
    /// <param name="cancellationToken">The request's.</param>
    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken)
    {
        Alert = await alerts.GetAlertAsync(Id, cancellationToken: cancellationToken);
        return Page();
    }

    /// <summary>Refuses it. A second time says the same, so nothing is done twice.</summary>
    /// <param name="cancellationToken">The request's.</param>
    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        if (Reasons.All(one => one.Value != Reason))
        {
            ModelState.AddModelError(nameof(Reason), "Select why this alert is not for your council");
            return await OnGetAsync(cancellationToken);
        }

        try
        {
            await alerts.RefuseAlertAsync(
                Id,
                body: new RefuseAlertRequest
                {
                    Reason = Enum.Parse<RefusalReason>(Reason!),
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

        return RedirectToPage("/DutyDesk/Alert", new { Id });
    }
}
