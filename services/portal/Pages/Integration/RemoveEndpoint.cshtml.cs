using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Safeguarding.Portal.Notification;
using Safeguarding.Portal.Services;

namespace Safeguarding.Portal.Pages.Integration;

/// <summary>Nothing is sent to an endpoint any more, after being asked once.</summary>
/// <param name="alerts">The notification service.</param>
[Authorize("subscription.write")]
public sealed class RemoveEndpointModel(Notification.Client alerts) : PageModel
{
    /// <summary>Which endpoint.</summary>
    [BindProperty(SupportsGet = true)]
    public string Id { get; set; } = "";

    internal SubscriptionView Endpoint { get; private set; } = null!;

    /// <summary>Asks.</summary>
    /// <param name="cancellationToken">The request's.</param>
    public async Task OnGetAsync(CancellationToken cancellationToken) =>
        Endpoint = await alerts.GetSubscriptionAsync(Id, cancellationToken: cancellationToken);

    /// <summary>Removes it; one that a first click removed is gone as well.</summary>
    /// <param name="cancellationToken">The request's.</param>
    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        try
        {
            await alerts.DeleteSubscriptionAsync(Id, cancellationToken: cancellationToken);
        }
        catch (NotFoundException) { }

        return RedirectToPage("/Integration/Endpoints");
    }
}
