using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Safeguarding.Portal.Matching;
using Safeguarding.Portal.Notification;
using Safeguarding.Portal.Practice;
using Safeguarding.Portal.Services;
using Safeguarding.Portal.SignIn;

namespace Safeguarding.Portal.Pages.Practice;

/// <summary>
/// One family: its story, what can be let happen, and what came of it on the person's own desk, read with their own
/// token as anywhere else.
/// </summary>
/// <param name="area">Whether the hub is for practice.</param>
/// <param name="rehearsal">Lets it happen.</param>
/// <param name="alerts">The notification service.</param>
/// <param name="reviews">The matching service.</param>
/// <param name="clock">The clock.</param>
/// <param name="logger">Who let what happen.</param>
public sealed partial class StoryModel(
    PracticeArea area,
    Rehearsal rehearsal,
    Notification.Client alerts,
    Matching.Client reviews,
    TimeProvider clock,
    ILogger<StoryModel> logger
) : PageModel
{
    internal const string Run = "practice.run";
    private const string Reset = "reset";
    private const int AtOnce = 10;
    private const int MostReviews = 50;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Which family.</summary>
    [BindProperty(SupportsGet = true)]
    public int Number { get; set; }

    /// <summary>Which event.</summary>
    [BindProperty]
    public string? Event { get; set; }

    /// <summary>What was done last: an event, or the reset.</summary>
    [BindProperty(SupportsGet = true)]
    public string? Done { get; set; }

    /// <summary>When, in Unix seconds.</summary>
    [BindProperty(SupportsGet = true)]
    public long? At { get; set; }

    internal Family Family { get; private set; } = null!;

    internal IReadOnlyList<VisitState> Visits { get; private set; } = [];

    internal IReadOnlyList<AlertView> Alerts { get; private set; } = [];

    internal IReadOnlyList<ReviewView> Questions { get; private set; } = [];

    internal string? Missing { get; private set; }

    /// <summary>The event that was let happen last; null where none was.</summary>
    internal FamilyEvent? Last => Family.Events.FirstOrDefault(one => one.Id == Done);

    internal bool WasReset => Done == Reset;

    /// <summary>Whether what was let happen has not come yet.</summary>
    internal bool IsWaiting { get; private set; }

    internal SignedInPerson Person => SignedInPerson.Of(User)!;

    internal bool IsOurs => Family.Councils.Contains(Person.Organisation);

    internal bool MayRun => IsOurs && Person.May(Run);

    internal bool SeesAlerts => IsOurs && Person.May("alert.read");

    internal bool SeesQuestions => IsOurs && Person.May("review.decide");

    internal VisitState? Of(FamilyEvent step) =>
        Visits.FirstOrDefault(visit => visit.Visit == step.Visit && !visit.IsTakenBack);

    /// <summary>Shows it.</summary>
    /// <param name="cancellationToken">The request's.</param>
    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken)
    {
        if (!IsThere())
            return NotFound();
        await ReadAsync(cancellationToken);
        if (IsWaiting)
            Response.Headers["Refresh"] = "2";
        return Page();
    }

    /// <summary>Lets an event happen. Twice in a row is once: what is sent is the same.</summary>
    /// <param name="cancellationToken">The request's.</param>
    public async Task<IActionResult> OnPostLetAsync(CancellationToken cancellationToken)
    {
        if (!IsThere() || Family.Events.FirstOrDefault(one => one.Id == Event) is not { } happens)
            return NotFound();
        if (!MayRun)
            throw new ForbiddenException();
        await rehearsal.LetHappenAsync(Family, happens, cancellationToken);
        LetHappen(logger, happens.Id, Family.Number, Person.Organisation, Person.Subject);
        return Back(happens.Id);
    }

    /// <summary>Takes back what was sent, and puts the plans as they were.</summary>
    /// <param name="cancellationToken">The request's.</param>
    public async Task<IActionResult> OnPostResetAsync(CancellationToken cancellationToken)
    {
        if (!IsThere())
            return NotFound();
        if (!MayRun)
            throw new ForbiddenException();
        await rehearsal.ResetAsync(Family, cancellationToken);
        LetHappen(logger, Reset, Family.Number, Person.Organisation, Person.Subject);
        return Back(Reset);
    }

    private bool IsThere()
    {
        if (!area.IsOn || Stories.Find(Number) is not { } family)
            return false;
        Family = family;
        return true;
    }

    private RedirectToPageResult Back(string done) =>
        RedirectToPage(
            new
            {
                Number,
                Done = done,
                At = clock.GetUtcNow().ToUnixTimeSeconds(),
            }
        );

    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        if (!MayRun && !SeesAlerts)
            return;
        var visits = Part.OfAsync(rehearsal.ReadAsync(Family, cancellationToken));
        var plans = Family.Plans.Where(plan => SeesAlerts && plan.Council == Person.Organisation);
        var listed = await Task.WhenAll(
            plans.Select(plan =>
                Part.OfAsync(
                    alerts.ListAlertsAsync(plan: plan.Reference, limit: AtOnce, cancellationToken: cancellationToken)
                )
            )
        );
        var asked = SeesQuestions
            ? await Part.OfAsync(reviews.ListReviewsAsync(limit: MostReviews, cancellationToken: cancellationToken))
            : new Part<ICollection<ReviewView>>([], null);
        var sent = await visits;
        Visits = sent.Value ?? [];
        Alerts =
        [
            .. listed
                .SelectMany(one => one.Value?.Alerts ?? [])
                .DistinctBy(alert => alert.Id)
                .OrderByDescending(alert => alert.RaisedAt),
        ];
        Questions = [.. (asked.Value ?? []).Where(review => Visits.Any(visit => visit.Id == review.EncounterId))];
        Missing = sent.Missing ?? asked.Missing ?? listed.FirstOrDefault(one => one.Missing is not null)?.Missing;
        if (Missing is not null)
            Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        IsWaiting =
            Last is { } last
            && clock.GetUtcNow() - DateTimeOffset.FromUnixTimeSeconds(Math.Clamp(At ?? 0, 0, uint.MaxValue)) < Patience
            && (
                last.Brings is Brings.Alert && SeesAlerts && !Alerts.Any(alert => IsOf(alert, last))
                || last.Brings is Brings.Question && SeesQuestions && Questions is []
            );
    }

    // Of a restricted child the alert says neither where nor which visit.
    private bool IsOf(AlertView alert, FamilyEvent step) =>
        alert.Withdrawn is null
        && (
            alert.Restricted
            || (
                step.Incident is null
                    ? Of(step) is { } visit && alert.Encounter?.Id == visit.Id
                    : alert.Contact?.IncidentNumber == Rehearsal.NumberOf(Family, step)
            )
        );

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "Practice: {Event} of family {Number}, by {Person} of {Organisation}"
    )]
    private static partial void LetHappen(
        ILogger logger,
        string @event,
        int number,
        string organisation,
        string person
    );
}
