using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Safeguarding.Portal.Notification;

namespace Safeguarding.Portal.Pages.DutyDesk;

/// <summary>
/// The council's alerts: the open ones, the gravest and oldest first, unless another state is asked for.
/// </summary>
/// <param name="alerts">The notification service.</param>
[Authorize("alert.read")]
public sealed class AlertsModel(Notification.Client alerts) : PageModel
{
    private const int AtOnce = 50;

    internal static readonly (string Value, string Text)[] States =
    [
        ("open", "Open"),
        ("acknowledged", "Acknowledged"),
        ("refused", "Refused"),
        ("withdrawn", "Withdrawn"),
    ];

    /// <summary>One of the states; open where not given.</summary>
    [BindProperty(SupportsGet = true)]
    public string? State { get; set; }

    /// <summary>Where the page before ended.</summary>
    [BindProperty(SupportsGet = true)]
    public Guid? Before { get; set; }

    internal IReadOnlyList<AlertView> Alerts { get; private set; } = [];

    internal Guid? Next { get; private set; }

    /// <summary>Reads them.</summary>
    /// <param name="cancellationToken">The request's.</param>
    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken)
    {
        State ??= "open";
        if (!ModelState.IsValid || States.All(one => one.Value != State))
            return NotFound();
        if (State == "open")
        {
            Alerts = await OpenAlerts.ReadAsync(alerts, cancellationToken);
            return Page();
        }

        var page = await alerts.ListAlertsAsync(
            state: State,
            before: Before,
            limit: AtOnce,
            cancellationToken: cancellationToken
        );
        (Alerts, Next) = ([.. page.Alerts], page.Before);
        return Page();
    }
}
