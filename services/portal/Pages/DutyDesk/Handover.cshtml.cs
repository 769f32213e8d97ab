using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Safeguarding.Portal.Notification;

namespace Safeguarding.Portal.Pages.DutyDesk;

/// <summary>The open alerts on paper, for the next shift.</summary>
/// <param name="alerts">The notification service.</param>
[Authorize("alert.read")]
public sealed class HandoverModel(Notification.Client alerts) : PageModel
{
    internal IReadOnlyList<AlertView> Alerts { get; private set; } = [];

    /// <summary>Reads them.</summary>
    /// <param name="cancellationToken">The request's.</param>
    public async Task OnGetAsync(CancellationToken cancellationToken) =>
        Alerts = await OpenAlerts.ReadAsync(alerts, cancellationToken);
}
