using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Safeguarding.Hosting;
using Safeguarding.Portal.Notification;
using Safeguarding.Portal.Services;
using Safeguarding.Portal.Words;

namespace Safeguarding.Portal.Pages.Figures;

/// <summary>The council's alerts, register and reviews in numbers, which may be passed on.</summary>
/// <param name="alerts">The notification service.</param>
/// <param name="plans">The plan registry.</param>
/// <param name="reviews">The matching service.</param>
[Authorize("alert.read")]
public sealed class FiguresModel(Notification.Client alerts, PlanRegistry.Client plans, Matching.Client reviews)
    : PageModel
{
    private static readonly int[] Lengths = [4, 13, 26, 53];

    /// <summary>How many weeks are shown.</summary>
    [BindProperty(SupportsGet = true)]
    public int Weeks { get; set; } = 13;

    internal Part<AlertFigures> Alerts { get; private set; } = new(null, null);

    internal Part<PlanRegistry.PlansCount> Plans { get; private set; } = new(null, null);

    internal Part<Matching.ReviewsCount> Reviews { get; private set; } = new(null, null);

    /// <summary>Reads them; what a service does not give is missing, and the rest is shown.</summary>
    /// <param name="cancellationToken">The request's.</param>
    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken)
    {
        if (!ModelState.IsValid || !Lengths.Contains(Weeks))
            return NotFound();
        var asked = (
            Part.OfAsync(alerts.GetAlertFiguresAsync(weeks: Weeks, cancellationToken: cancellationToken)),
            Part.OfAsync(plans.CountPlansAsync(cancellationToken: cancellationToken)),
            Part.OfAsync(reviews.CountReviewsAsync(cancellationToken: cancellationToken))
        );
        (Alerts, Plans, Reviews) = (await asked.Item1, await asked.Item2, await asked.Item3);
        if ((Alerts.Missing ?? Plans.Missing ?? Reviews.Missing) is not null)
            Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        return Page();
    }

    /// <summary>The weeks as a file.</summary>
    /// <param name="cancellationToken">The request's.</param>
    public async Task<IActionResult> OnGetCsvAsync(CancellationToken cancellationToken)
    {
        if (!ModelState.IsValid || !Lengths.Contains(Weeks))
            return NotFound();
        var figures = await alerts.GetAlertFiguresAsync(weeks: Weeks, cancellationToken: cancellationToken);
        var csv = new StringBuilder(
            "week,raised,urgent,high,standard,acknowledged,refused,withdrawn,open,median_minutes\r\n"
        );
        foreach (var week in figures.Weeks)
        {
            csv.AppendJoin(
                    ',',
                    [
                        week.Monday.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
                        .. Counts(week).Select(FigureWords.InCsv),
                        week.MedianMinutes?.ToString("0.#", CultureInfo.InvariantCulture) ?? "",
                    ]
                )
                .Append("\r\n");
        }

        return File(Encoding.UTF8.GetBytes(csv.ToString()), "text/csv; charset=utf-8", "alerts-by-week.csv");
    }

    internal static IEnumerable<int?> Counts(WeekOfAlerts week) =>
        [
            week.Raised,
            week.Urgent,
            week.High,
            week.Standard,
            week.Acknowledged,
            week.Refused,
            week.Withdrawn,
            week.Open,
        ];

    internal static IEnumerable<(int Weeks, string Words)> Choices =>
        Lengths.Select(weeks => (weeks, weeks == 53 ? "A year" : $"{weeks} weeks"));

    internal static BarChart ByGrade(AlertFigures figures) =>
        new(
            "by-grade",
            "Alerts raised, by week and grade",
            ["Standard", "High", "Urgent"],
            [.. figures.Weeks.Select(week => (Label(week), Parts(week.Standard, week.High, week.Urgent)))]
        );

    internal static BarChart ByState(AlertFigures figures) =>
        new(
            "by-state",
            "What has become of them",
            ["Acknowledged", "Refused", "Withdrawn", "Open"],
            [
                .. figures.Weeks.Select(week =>
                    (Label(week), Parts(week.Acknowledged, week.Refused, week.Withdrawn, week.Open))
                ),
            ]
        );

    internal static string Label(WeekOfAlerts week) => UkTimes.Date(DateOnly.FromDateTime(week.Monday.Date));

    private static int?[] Parts(params int?[] counts) => counts;
}
