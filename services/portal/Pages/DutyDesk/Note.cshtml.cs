using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Safeguarding.Portal.Notification;
using Safeguarding.Portal.Services;
using Safeguarding.Portal.SignIn;

namespace Safeguarding.Portal.Pages.DutyDesk;

/// <summary>A line in the history of an alert, for others of the council.</summary>
/// <param name="alerts">The notification service.</param>
[Authorize("alert.ack")]
public sealed class NoteModel(Notification.Client alerts) : PageModel
{
    /// <summary>Which alert.</summary>
    [BindProperty(SupportsGet = true)]
    public Guid Id { get; set; }

    /// <summary>What is written.</summary>
    [BindProperty]
    public string? Text { get; set; }

    internal AlertView Alert { get; private set; } = null!;

    /// <summary>Asks for it.</summary>
    /// <param name="cancellationToken">The request's.</param>
    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken)
    {
        Alert = await alerts.GetAlertAsync(Id, cancellationToken: cancellationToken);
        return Page();
    }

    /// <summary>Saves it. The same note sent twice is one.</summary>
    /// <param name="cancellationToken">The request's.</param>
    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(Text))
        {
            ModelState.AddModelError(nameof(Text), "Enter the note");
            return await OnGetAsync(cancellationToken);
        }

        try
        {
            await alerts.NoteOnAlertAsync(
                Id,
                body: new NoteOnAlertRequest
                {
                    Text = Text,
                    Kind = ActorKind.Person,
                    Name = SignedInPerson.Of(User)!.Name,
                },
                cancellationToken: cancellationToken
            );
        }
        catch (ApiException<Problem> refused) when (refused.StatusCode == StatusCodes.Status400BadRequest)
        {
            ModelState.AddModelError(nameof(Text), refused.Result.Detail ?? "The note cannot be saved");
            return await OnGetAsync(cancellationToken);
        }

        return RedirectToPage("/DutyDesk/Alert", new { Id });
    }
}
