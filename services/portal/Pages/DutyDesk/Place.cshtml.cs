using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Safeguarding.Portal.Notification;
using Safeguarding.Portal.Services;

namespace Safeguarding.Portal.Pages.DutyDesk;

/// <summary>Where and when of a restricted child's alert, for those who may know; each look is recorded.</summary>
/// <param name="alerts">The notification service.</param>
[Authorize("alert.place")]
public sealed class PlaceModel(Notification.Client alerts) : PageModel
{
    /// <summary>Which alert.</summary>
    [BindProperty(SupportsGet = true)]
    public Guid Id { get; set; }

    /// <summary>Null where another council withholds the place.</summary>
    internal AlertView? Alert { get; private set; }

    /// <summary>Reads it.</summary>
    /// <param name="cancellationToken">The request's.</param>
    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken)
    {
        try
        {
            Alert = await alerts.GetPlaceAsync(Id, cancellationToken: cancellationToken);
        }
        catch (ForbiddenException)
        {
            // The role may: the service withholds it.
        }

        return Page();
    }
}
