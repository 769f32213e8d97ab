using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Safeguarding.Portal.Notification;

namespace Safeguarding.Portal.Pages.DutyDesk;

/// <summary>The open alerts on paper, for the next shift.</summary>
/// <param name="alerts">The notification service.</param>
[Authorize("alert.read")]
public sealed class HandoverModel(Notification.Client alerts) : PageModel
{
    private const int AtOnce = 200;

    internal List<AlertView> Alerts { get; } = [];

    /// <summary>Reads them.</summary>
    /// <param name="cancellationToken">The request's.</param>
    public async Task OnGetAsync(CancellationToken cancellationToken)
    {
        Guid? after = null;
        do
        {
            var page = await alerts.ListOpenAlertsAsync(false, after, AtOnce, cancellationToken: cancellationToken);
            Alerts.AddRange(page.Alerts);
            after = page.After;
        } while (after is not null);
    }
}
