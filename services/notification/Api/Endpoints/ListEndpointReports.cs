using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Safeguarding.Hosting.Access;
using Safeguarding.Notification.Domain.Deliveries;
using Safeguarding.Notification.Storage;

namespace Safeguarding.Notification.Api.Endpoints;

/// <summary>When which endpoint began to fail and when it answered again, newest first.</summary>
internal static class ListEndpointReports
{
    private const int MostAtOnce = 500;

    internal static async Task<Results<Ok<ListEndpointReportsPage>, ProblemHttpResult>> Handle(
        NotificationDb db,
        CancellationToken cancellationToken,
        string? council = null,
        Guid? before = null,
        int limit = 100
    )
    {
        if (limit is < 1 or > MostAtOnce)
        {
            return Refusal.Problem(
                StatusCodes.Status400BadRequest,
                "limit-out-of-range",
                "limit must be 1 to 500.",
                new FieldError("limit", "1 to 500")
            );
        }

        var found = await db
            .EndpointReports.Where(report =>
                (council == null || report.CouncilCode == council) && (before == null || report.Id < before)
            )
            .OrderByDescending(report => report.Id)
            .Take(limit + 1)
            .Select(report => new ReportView(
                report.Id,
                report.At,
                report.SubscriptionId,
                report.CouncilCode,
                report.Outcome == null ? EndpointNews.Recovered : EndpointNews.Failing,
                report.FailingSince,
                report.Outcome
            ))
            .ToListAsync(cancellationToken);
        var page = found.Take(limit).ToList();
        return TypedResults.Ok(new ListEndpointReportsPage(page, found.Count > limit ? page[^1].Id : null));
    }

    internal sealed record ReportView(
        Guid Id,
        DateTimeOffset At,
        Guid SubscriptionId,
        string CouncilCode,
        EndpointNews News,
        DateTimeOffset FailingSince,
        AttemptOutcome? Outcome
    );

    internal enum EndpointNews
    {
        Failing,
        Recovered,
    }
}

/// <param name="Reports">Newest first.</param>
/// <param name="Before">Where there are more: ask again with this as <c>before</c>.</param>
internal sealed record ListEndpointReportsPage(IReadOnlyList<ListEndpointReports.ReportView> Reports, Guid? Before);
