using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Safeguarding.Portal.Notification;

namespace Safeguarding.Portal.Pages.Integration;

/// <summary>Where the council's alerts are sent, and whether those endpoints answer.</summary>
/// <param name="alerts">The notification service.</param>
[Authorize("subscription.write")]
public sealed class EndpointsModel(Notification.Client alerts) : PageModel
{
    internal IReadOnlyList<SubscriptionView> Endpoints { get; private set; } = [];

    /// <summary>Reads them.</summary>
    /// <param name="cancellationToken">The request's.</param>
    public async Task OnGetAsync(CancellationToken cancellationToken) =>
        Endpoints = [.. await alerts.ListSubscriptionsAsync(cancellationToken: cancellationToken)];
}
