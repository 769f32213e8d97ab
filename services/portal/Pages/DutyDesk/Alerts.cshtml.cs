using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Safeguarding.Portal.Notification;
using Safeguarding.Portal.TagHelpers;

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

    private static readonly Choice[] Grades =
    [
        new("", "Any"),
        new("urgent", "Urgent"),
        new("high", "High"),
        new("standard", "Standard"),
    ];

    private static readonly Choice[] Kinds =
    [
        new("", "Any"),
        new("childProtection", "Child protection"),
        new("lookedAfter", "Looked after"),
        new("unborn", "Unborn"),
    ];

    /// <summary>One of the states; open where not given.</summary>
    [BindProperty(SupportsGet = true)]
    public string? State { get; set; }

    /// <summary>Open alerts of this grade; of all where not given.</summary>
    [BindProperty(SupportsGet = true)]
    public string? Grade { get; set; }

    /// <summary>Open alerts of plans of this kind; of all where not given.</summary>
    [BindProperty(SupportsGet = true)]
    public string? Kind { get; set; }

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

    internal bool IsFiltered => Grade is not null || Kind is not null;

    /// <summary>Is another whenever an open alert was added, changed or closed.</summary>
    internal string Mark => MarkOf(Waiting);

    internal (string Name, string Label, string? Chosen, Choice[] Choices)[] Filters =>
        [("grade", "Urgency", Grade, Grades), ("kind", "Plan", Kind, Kinds)];

    internal int? Count(string state) =>
        state switch
        {
            Open => Waiting.Open,
            Overdue => Waiting.Overdue,
            _ => null,
        };

    /// <summary>The page's address with its filters.</summary>
    /// <param name="place">Where the page begins.</param>
    /// <param name="at">After or before which alert.</param>
    internal string Address(string? place = null, Guid? at = null)
    {
        (string Name, string? Value)[] wanted =
        [
            ("state", State),
            ("grade", Grade),
            ("kind", Kind),
            (place ?? "", at?.ToString()),
        ];
        return "/alerts"
            + QueryString.Create(
                wanted.Where(one => one.Value is not null).Select(one => KeyValuePair.Create(one.Name, one.Value))
            );
    }

    /// <summary>Reads them.</summary>
    /// <param name="cancellationToken">The request's.</param>
    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken)
    {
        State ??= Open;
        (Grade, Kind) = (Filled(Grade), Filled(Kind));
        if (
            !ModelState.IsValid
            || States.All(one => one.Value != State)
            || Grades.All(one => one.Value != (Grade ?? ""))
            || Kinds.All(one => one.Value != (Kind ?? ""))
        )
        {
            return NotFound();
        }

        // Before them: what comes between is seen by the next look at the mark.
        Waiting = await alerts.CountOpenAlertsAsync(cancellationToken: cancellationToken);
        if (IsOpen)
        {
            var open = await alerts.ListOpenAlertsAsync(
                State == Overdue,
                Grade,
                Kind,
                After,
                AtOnce,
                cancellationToken: cancellationToken
            );
            (Alerts, Next) = ([.. open.Alerts], open.After is { } last ? Address("after", last) : null);
            return Page();
        }

        var page = await alerts.ListAlertsAsync(
            state: State,
            before: Before,
            limit: AtOnce,
            cancellationToken: cancellationToken
        );
        (Alerts, Next) = ([.. page.Alerts], page.Before is { } first ? Address("before", first) : null);
        return Page();
    }

    /// <summary>The mark alone, for the script that looks whether the list has changed.</summary>
    /// <param name="cancellationToken">The request's.</param>
    public async Task<ContentResult> OnGetMarkAsync(CancellationToken cancellationToken) =>
        Content(MarkOf(await alerts.CountOpenAlertsAsync(cancellationToken: cancellationToken)));

    private static string MarkOf(OpenAlertsCount count) => $"{count.Overdue}-{count.Mark}";

    private static string? Filled(string? value) => value is { Length: > 0 } ? value : null;
}
