using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Safeguarding.Portal.Notification;
using Safeguarding.Portal.Services;
using Safeguarding.Portal.SignIn;
using Safeguarding.Portal.TagHelpers;

namespace Safeguarding.Portal.Pages.DutyDesk;

/// <summary>The alert goes to a colleague or to the emergency duty team, with what they should know.</summary>
/// <param name="alerts">The notification service.</param>
[Authorize("alert.ack")]
public sealed class HandOverAlertModel(Notification.Client alerts) : PageModel
{
    internal static readonly Choice[] Receivers =
    [
        new(nameof(HandedTo.EmergencyDutyTeam), "The emergency duty team"),
        new(nameof(HandedTo.Colleague), "A colleague"),
    ];

    /// <summary>Which alert.</summary>
    [BindProperty(SupportsGet = true)]
    public Guid Id { get; set; }

    /// <summary>One of the receivers.</summary>
    [BindProperty]
    public string? To { get; set; }

    /// <summary>Which colleague.</summary>
    [BindProperty]
    public string? Colleague { get; set; }

    /// <summary>What they should know.</summary>
    [BindProperty]
    public string? Text { get; set; }

    internal AlertView Alert { get; private set; } = null!;

    /// <summary>Asks to whom.</summary>
    /// <param name="cancellationToken">The request's.</param>
    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken)
    {
        Alert = await alerts.GetAlertAsync(Id, cancellationToken: cancellationToken);
        return Page();
    }

    /// <summary>Hands it over. The same form sent twice is one hand-over.</summary>
    /// <param name="cancellationToken">The request's.</param>
    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        var toColleague = To == nameof(HandedTo.Colleague);
        if (Receivers.All(one => one.Value != To))
            ModelState.AddModelError(nameof(To), "Select to whom you hand the alert over");
        else if (toColleague && string.IsNullOrWhiteSpace(Colleague))
            ModelState.AddModelError(nameof(Colleague), "Enter your colleague’s name or role");
        else if (!toColleague && !string.IsNullOrWhiteSpace(Colleague))
            ModelState.AddModelError(nameof(Colleague), "Remove the name, or select a colleague");
        if (!ModelState.IsValid)
            return await OnGetAsync(cancellationToken);

        try
        {
            await alerts.HandOverAlertAsync(
                Id,
                body: new HandOverAlertRequest
                {
                    To = Enum.Parse<HandedTo>(To!),
                    Colleague = toColleague ? Colleague : null,
                    Text = Text,
                    Kind = ActorKind.Person,
                    Name = SignedInPerson.Of(User)!.Name,
                },
                cancellationToken: cancellationToken
            );
        }
        catch (ApiException<Problem> refused)
            when (refused.StatusCode is StatusCodes.Status400BadRequest or StatusCodes.Status409Conflict)
        {
            ModelState.AddModelError("", refused.Result.Detail ?? "The alert cannot be handed over.");
            return await OnGetAsync(cancellationToken);
        }

        return RedirectToPage("/DutyDesk/Alert", new { Id });
    }
}
