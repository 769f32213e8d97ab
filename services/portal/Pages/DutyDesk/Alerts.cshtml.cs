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
    private const string Open = "open";
    private const string Overdue = "overdue";
    private const int AtOnce = 50;

    internal static readonly (string Value, string Text)[] States =
    [
        (Open, "Open"),
        (Overdue, "Overdue"),
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

    /// <summary>Of open alerts: the last one of the page before.</summary>
    [BindProperty(SupportsGet = true)]
    public Guid? After { get; set; }

    internal IReadOnlyList<AlertView> Alerts { get; private set; } = [];

    /// <summary>Where the next page is; null on the last.</summary>
    internal string? Next { get; private set; }

    internal OpenAlertsCount Waiting { get; private set; } = new();

    internal bool IsOpen => State is Open or Overdue;

    internal int? Count(string state) =>
        state switch
        {
            Open => Waiting.Open,
            Overdue => Waiting.Overdue,
            _ => null,
        };

    /// <summary>Reads them.</summary>
    /// <param name="cancellationToken">The request's.</param>
    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken)
    {
        State ??= Open;
        if (!ModelState.IsValid || States.All(one => one.Value != State))
            return NotFound();
        var counted = alerts.CountOpenAlertsAsync(cancellationToken: cancellationToken);
        if (IsOpen)
        {
            var listed = alerts.ListOpenAlertsAsync(
                State == Overdue,
                After,
                AtOnce,
                cancellationToken: cancellationToken
            );
            await Task.WhenAll(counted, listed);
            var open = await listed;
            Waiting = await counted;
            (Alerts, Next) = ([.. open.Alerts], open.After is { } last ? $"/alerts?state={State}&after={last}" : null);
            return Page();
        }

        var some = alerts.ListAlertsAsync(
            state: State,
            before: Before,
            limit: AtOnce,
            cancellationToken: cancellationToken
        );
        await Task.WhenAll(counted, some);
        var page = await some;
        Waiting = await counted;
        (Alerts, Next) = ([.. page.Alerts], page.Before is { } first ? $"/alerts?state={State}&before={first}" : null);
        return Page();
    }
}
