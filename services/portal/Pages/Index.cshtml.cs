using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Safeguarding.Portal.Services;
using Safeguarding.Portal.SignIn;

namespace Safeguarding.Portal.Pages;

/// <summary>
/// Where everybody begins: signed out, what this is; signed in, what their role opens, and how much waits there.
/// </summary>
/// <param name="alerts">The notification service.</param>
/// <param name="reviews">The matching service.</param>
[AllowAnonymous]
public sealed class IndexModel(Notification.Client alerts, Matching.Client reviews) : PageModel
{
    private readonly Dictionary<string, (int Open, int Overdue)?> _waiting = [];

    /// <summary>What waits on a page, in words; null where nothing is counted.</summary>
    /// <param name="page">The page.</param>
    internal string? Waiting(PortalPage page) =>
        !_waiting.TryGetValue(page.Path, out var counted) ? null
        : counted is not { } count ? "How many are open cannot be shown right now."
        : $"{count.Open} open{(count.Overdue == 0 ? "" : $", {count.Overdue} overdue")}";

    /// <summary>Counts.</summary>
    /// <param name="cancellationToken">The request's.</param>
    public async Task OnGetAsync(CancellationToken cancellationToken)
    {
        if (SignedInPerson.Of(User) is not { } person)
            return;
        var pages = PortalPage.For(person).Select(page => page.Path).ToHashSet();
        var open = pages.Contains("/alerts")
            ? Part.OfAsync(alerts.CountOpenAlertsAsync(cancellationToken: cancellationToken))
            : null;
        var asked = pages.Contains("/reviews")
            ? Part.OfAsync(reviews.ReviewFiguresAsync(cancellationToken: cancellationToken))
            : null;
        if (open is not null)
            _waiting["/alerts"] = (await open).Value is { } count ? (count.Open, count.Overdue) : null;
        if (asked is not null)
            _waiting["/reviews"] = (await asked).Value is { } figures ? (figures.Open, figures.Overdue) : null;
    }
}
