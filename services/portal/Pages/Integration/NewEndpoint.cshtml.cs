using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Safeguarding.Hosting;
using Safeguarding.Portal.Notification;
using Safeguarding.Portal.TagHelpers;

namespace Safeguarding.Portal.Pages.Integration;

/// <summary>
/// Another place to send the council's alerts to. The signing secret is on the page that answers, once.
/// </summary>
/// <param name="alerts">The notification service.</param>
/// <param name="portal">Where people open the portal.</param>
[Authorize("subscription.write")]
public sealed partial class NewEndpointModel(Notification.Client alerts, PublicAddress portal) : PageModel
{
    private const string Webhook = "webhook";

    internal static readonly Choice[] Channels =
    [
        new(Webhook, "Webhook", "Signed requests to a system of yours, at an https address."),
        new("email", "E-mail", "To an address that a person reads. It says that there is an alert, and not whose."),
        new("sms", "Text message", "To a telephone. It says that there is an alert, and not whose."),
    ];

    /// <summary>How the council calls it.</summary>
    [BindProperty]
    public string? Name { get; set; }

    /// <summary>One of the channels.</summary>
    [BindProperty]
    public string? Channel { get; set; }

    /// <summary>Where it is: an https address, an e-mail address or a telephone number.</summary>
    [BindProperty]
    public string? Address { get; set; }

    internal SubscriptionView? Made { get; private set; }

    /// <summary>Makes it. A name that is taken is refused, so nothing is changed by a second click.</summary>
    /// <param name="cancellationToken">The request's.</param>
    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        if (!Usable().IsMatch(Name ?? ""))
            ModelState.AddModelError(nameof(Name), "Enter a name of 1 to 40 small letters, digits and hyphens");
        if (Channels.All(one => one.Value != Channel))
            ModelState.AddModelError(nameof(Channel), "Select how alerts are sent");
        if (string.IsNullOrWhiteSpace(Address))
            ModelState.AddModelError(nameof(Address), "Enter where to send them");
        if (!ModelState.IsValid)
            return Page();

        var taken = await alerts.ListSubscriptionsAsync(cancellationToken: cancellationToken);
        if (taken.Any(one => one.Id == Name))
        {
            ModelState.AddModelError(
                nameof(Name),
                "There is an endpoint of this name. If you have just added it, open it and make a new secret; otherwise "
                    + "take another name"
            );
            return Page();
        }

        try
        {
            Made = await alerts.PutSubscriptionAsync(
                Name!,
                new PutSubscriptionRequest
                {
                    Channel = Channel,
                    Url = Channel == Webhook ? Address!.Trim() : null,
                    To = Channel == Webhook ? null : Address!.Trim(),
                    // A message names nobody: who gets it opens the alert here.
                    Link = Channel == Webhook ? null : portal.UrlOf("/alerts/{alert}"),
                },
                cancellationToken: cancellationToken
            );
        }
        catch (ApiException<Problem> refused)
            when (refused.StatusCode is StatusCodes.Status400BadRequest or StatusCodes.Status409Conflict)
        {
            ModelState.AddModelError(nameof(Address), refused.Result.Detail ?? "The hub does not send there");
        }

        return Page();
    }

    [GeneratedRegex("^[a-z0-9-]{1,40}$")]
    private static partial Regex Usable();
}
