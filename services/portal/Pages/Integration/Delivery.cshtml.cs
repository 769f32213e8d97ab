using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Safeguarding.Portal.Notification;

namespace Safeguarding.Portal.Pages.Integration;

/// <summary>One delivery, how each attempt ended, and sending it again.</summary>
/// <param name="alerts">The notification service.</param>
[Authorize("subscription.write")]
public sealed class DeliveryModel(Notification.Client alerts) : PageModel
{
    /// <summary>To which endpoint.</summary>
    [BindProperty(SupportsGet = true)]
    public string Id { get; set; } = "";

    /// <summary>Which delivery.</summary>
    [BindProperty(SupportsGet = true)]
    public Guid Delivery { get; set; }

    internal SubscriptionDelivery Found { get; private set; } = null!;

    internal bool MayResend => Found.State is DeliveryState.Delivered or DeliveryState.Parked;

    /// <summary>Reads it.</summary>
    /// <param name="cancellationToken">The request's.</param>
    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken)
    {
        Found = await alerts.GetSubscriptionDeliveryAsync(Id, Delivery, cancellationToken: cancellationToken);
        return Page();
    }

    /// <summary>Sends it again. While it waits a second click is refused, so it goes once.</summary>
    /// <param name="cancellationToken">The request's.</param>
    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        try
        {
            await alerts.ResendDeliveryAsync(Id, Delivery, cancellationToken: cancellationToken);
        }
        catch (ApiException<Problem> refused) when (refused.StatusCode == StatusCodes.Status409Conflict)
        {
            ModelState.AddModelError("", refused.Result.Detail ?? "It cannot be sent again now.");
            return await OnGetAsync(cancellationToken);
        }

        return RedirectToPage(new { Id, Delivery });
    }
}
