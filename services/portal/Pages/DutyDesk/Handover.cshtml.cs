using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Safeguarding.Portal.Notification;

namespace Safeguarding.Portal.Pages.DutyDesk;

/// <summary>The open alerts on paper, for the next shift.</summary>
/// <param name="alerts">The notification service.</param>
[Authorize("alert.read")]
public sealed class HandoverModel(Notification.Client alerts) : PageModel
{
    internal const int AtOnce = 100;

    /// <summary>The last alert of the part before.</summary>
    [BindProperty(SupportsGet = true)]
    public Guid? After { get; set; }

    internal IReadOnlyList<AlertView> Alerts { get; private set; } = [];

    /// <summary>How many are open, on this part or another.</summary>
    internal int Open { get; private set; }

    /// <summary>Where the next part begins; null on the last.</summary>
    internal Guid? Next { get; private set; }

    /// <summary>Reads them.</summary>
    /// <param name="cancellationToken">The request's.</param>
    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken)
    {
        if (!ModelState.IsValid)
            return NotFound();
        var counted = alerts.CountOpenAlertsAsync(cancellationToken: cancellationToken);
        var listed = alerts.ListOpenAlertsAsync(after: After, limit: AtOnce, cancellationToken: cancellationToken);
        await Task.WhenAll(counted, listed);
        var page = await listed;
        (Alerts, Next, Open) = ([.. page.Alerts], page.After, (await counted).Open);
        return Page();
    }
}
