using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Safeguarding.Portal.Notification;
using Safeguarding.Portal.TagHelpers;

namespace Safeguarding.Portal.Pages.Integration;

/// <summary>One endpoint: whether it answers, what went there, and what one does about it.</summary>
/// <param name="alerts">The notification service.</param>
/// <param name="clock">The time.</param>
[Authorize("subscription.write")]
public sealed class EndpointModel(Notification.Client alerts, TimeProvider clock) : PageModel
{
    private const int AtOnce = 50;

    internal static readonly (string? Value, string Text)[] States =
    [
        (null, "All"),
        ("waiting", "Waiting"),
        ("parked", "Parked"),
        ("delivered", "Delivered"),
        ("cancelled", "Cancelled"),
    ];

    internal static readonly Choice[] Spans =
    [
        new("1", "The last 24 hours"),
        new("7", "The last 7 days"),
        new("30", "The last 30 days"),
    ];

    /// <summary>Which endpoint.</summary>
    [BindProperty(SupportsGet = true)]
    public string Id { get; set; } = "";

    /// <summary>Deliveries of this state; all where not given.</summary>
    [BindProperty(SupportsGet = true)]
    public string? State { get; set; }

    /// <summary>Where the page before ended.</summary>
    [BindProperty(SupportsGet = true)]
    public Guid? Before { get; set; }

    /// <summary>Of the test event.</summary>
    [BindProperty]
    public string? Type { get; set; }

    /// <summary>Until when a former secret worked as the page showed it: no reload replaces it twice.</summary>
    [BindProperty]
    public string? FormerSecret { get; set; }

    /// <summary>Of how many days parked deliveries are sent again.</summary>
    [BindProperty]
    public string? Days { get; set; }

    internal SubscriptionView Endpoint { get; private set; } = null!;

    internal ListSubscriptionDeliveriesPage Deliveries { get; private set; } = null!;

    internal IReadOnlyList<string> Types { get; private set; } = [];

    internal SendEventTestResult? Tested { get; private set; }

    internal string? NewSecret { get; private set; }

    internal ParkedReplay? Replay { get; private set; }

    /// <summary>Reads it, its deliveries and the types of test events.</summary>
    /// <param name="cancellationToken">The request's.</param>
    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken)
    {
        if (States.All(one => one.Value != State))
            return NotFound();
        Deliveries = await alerts.ListSubscriptionDeliveriesAsync(
            Id,
            State,
            Before,
            AtOnce,
            cancellationToken: cancellationToken
        );
        // After them: what is listed as parked can be sent again.
        Endpoint = await alerts.GetSubscriptionAsync(Id, cancellationToken: cancellationToken);
        Types = [.. (await alerts.ListEventsAsync(cancellationToken: cancellationToken)).Select(one => one.Type)];
        return Page();
    }

    /// <summary>Sends a made-up event now, and says how it ended.</summary>
    /// <param name="cancellationToken">The request's.</param>
    public Task<IActionResult> OnPostTestAsync(CancellationToken cancellationToken) =>
        ActAsync(
            nameof(Type),
            async () =>
                Tested = await alerts.SendTestEventAsync(
                    Id,
                    body: new SendTestEventRequest { Type = Type },
                    cancellationToken: cancellationToken
                ),
            cancellationToken
        );

    /// <summary>Makes another signing secret; the one before signs for another 24 hours.</summary>
    /// <param name="cancellationToken">The request's.</param>
    public Task<IActionResult> OnPostRotateAsync(CancellationToken cancellationToken) =>
        ActAsync(
            "",
            async () =>
            {
                var now = await alerts.GetSubscriptionAsync(Id, cancellationToken: cancellationToken);
                if (FormerSecretOf(now) == (FormerSecret ?? ""))
                    NewSecret = (await alerts.RotateSecretAsync(Id, cancellationToken: cancellationToken)).Secret;
                else
                    ModelState.AddModelError("", "The secret was already replaced after you opened this page.");
                // What the page sends next is of the state after this.
                ModelState.SetModelValue(nameof(FormerSecret), ValueProviderResult.None);
            },
            cancellationToken
        );

    /// <summary>Counts what would be sent again.</summary>
    /// <param name="cancellationToken">The request's.</param>
    public Task<IActionResult> OnPostCountAsync(CancellationToken cancellationToken) =>
        ReplayAsync(dryRun: true, cancellationToken);

    /// <summary>Sends it again.</summary>
    /// <param name="cancellationToken">The request's.</param>
    public Task<IActionResult> OnPostReplayAsync(CancellationToken cancellationToken) =>
        ReplayAsync(dryRun: false, cancellationToken);

    internal static string FormerSecretOf(SubscriptionView endpoint) =>
        endpoint.FormerSecretUntil?.ToString("O", System.Globalization.CultureInfo.InvariantCulture) ?? "";

    private Task<IActionResult> ReplayAsync(bool dryRun, CancellationToken cancellationToken)
    {
        if (Spans.FirstOrDefault(one => one.Value == Days) is not { } span)
        {
            ModelState.AddModelError(nameof(Days), "Select how far back");
            return OnGetAsync(cancellationToken);
        }

        var days = int.Parse(span.Value, System.Globalization.CultureInfo.InvariantCulture);
        return ActAsync(
            nameof(Days),
            async () =>
                Replay = await alerts.ReplayParkedAsync(
                    Id,
                    new ReplayParkedRequest { Since = clock.GetUtcNow().AddDays(-days), DryRun = dryRun },
                    cancellationToken: cancellationToken
                ),
            cancellationToken
        );
    }

    // What was done is shown above what stands then.
    private async Task<IActionResult> ActAsync(string field, Func<Task> act, CancellationToken cancellationToken)
    {
        try
        {
            await act();
        }
        catch (ApiException<Problem> refused)
            when (refused.StatusCode is StatusCodes.Status400BadRequest or StatusCodes.Status409Conflict)
        {
            ModelState.AddModelError(field, refused.Result.Detail ?? "The hub refused it");
        }

        return await OnGetAsync(cancellationToken);
    }
}
