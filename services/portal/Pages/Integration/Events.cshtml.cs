using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Safeguarding.Portal.Notification;

namespace Safeguarding.Portal.Pages.Integration;

/// <summary>The catalogue of what is sent.</summary>
/// <param name="alerts">The notification service.</param>
[Authorize("subscription.write")]
public sealed class EventsModel(Notification.Client alerts) : PageModel
{
    internal IReadOnlyList<ListEventsEntry> Events { get; private set; } = [];

    /// <summary>Reads it.</summary>
    /// <param name="cancellationToken">The request's.</param>
    public async Task OnGetAsync(CancellationToken cancellationToken) =>
        Events = [.. await alerts.ListEventsAsync(cancellationToken: cancellationToken)];
}
