using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Safeguarding.Contracts.Plans;
using Safeguarding.Hosting.Access;
using Safeguarding.Hosting.Privacy;
using Safeguarding.Messaging;
using Safeguarding.Notification.Domain.Alerts;
using Safeguarding.Notification.Storage;

namespace Safeguarding.Notification.Api.Alerts;

/// <summary>What nobody at the council has settled yet, the gravest first and among those the oldest.</summary>
internal static class ListOpenAlerts
{
    internal static async Task<Results<Ok<ListOpenAlertsPage>, ProblemHttpResult>> Handle(
        Caller caller,
        NotificationDb db,
        Sealer sealer,
        TimeProvider clock,
        CancellationToken cancellationToken,
        bool overdue = false,
        string? grade = null,
        string? planKind = null,
        Guid? after = null,
        int limit = 50
    )
    {
        if (ListAlerts.LimitError(limit) is { } error)
            return error;
        if (QueryValue.Read<AlertGrade>("grade", grade, out var ofGrade) is { } noGrade)
            return noGrade;
        if (QueryValue.Read<PlanKind>("planKind", planKind, out var ofKind) is { } noKind)
            return noKind;

        var now = clock.GetUtcNow();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var last = await db
            .Alerts.AsNoTracking()
            .Where(alert => alert.Id == after && alert.CouncilCode == caller.Organisation)
            .Select(alert => new { alert.Grade, alert.RaisedAt })
            .SingleOrDefaultAsync(cancellationToken);
        if (after is not null && last?.RaisedAt is null)
        {
            return Refusal.Problem(
                StatusCodes.Status400BadRequest,
                "after-unknown",
                "after must be the after of a page that you were given.",
                new FieldError("after", "the after of a page")
            );
        }

        var (rank, raisedAt, atMost) = (last is null ? null : (int?)last.Grade, last?.RaisedAt, limit + 1);
        var gradeText = ofGrade?.ToString();
        var plansOfKind = ofKind is null
            ? null
            : JsonSerializer.Serialize(new[] { new { kind = ofKind } }, HubJson.Options);
        // An array and locked, as in ListAlerts.
        var found = await db
            .Alerts.FromSql(
                $"""
                SELECT * FROM notification.alert WHERE id = ANY(ARRAY(
                    SELECT id FROM (
                        SELECT id, raised_at, array_position(ARRAY['Standard', 'High', 'Urgent'], grade) - 1 AS rank
                        FROM notification.alert
                        WHERE council_code = {caller.Organisation} AND state IN ('Raised', 'Delivered')
                            AND raised_at IS NOT NULL AND (NOT {overdue} OR overdue_at <= {now})
                            AND ({gradeText}::text IS NULL OR grade = {gradeText})
                            AND ({plansOfKind}::jsonb IS NULL OR plans @> {plansOfKind}::jsonb)) AS open
                    WHERE {rank}::int IS NULL OR rank < {rank}
                        OR (rank = {rank} AND (raised_at, id) > ({raisedAt}, {after}))
                    ORDER BY rank DESC, raised_at, id LIMIT {atMost}))
                ORDER BY encounter_id, council_code FOR UPDATE
                """
            )
            .ToListAsync(cancellationToken);
        var page = found
            .OrderByDescending(alert => alert.Grade)
            .ThenBy(alert => alert.RaisedAt)
            .ThenBy(alert => alert.Id)
            .Take(limit)
            .ToList();
        var views = await ListAlerts.DiscloseAsync(db, page, caller, sealer, now, cancellationToken);
        await transaction.CommitAsync(CancellationToken.None);
        return TypedResults.Ok(new ListOpenAlertsPage(views, found.Count > limit ? page[^1].Id : null));
    }
}

/// <param name="Alerts">The gravest first, among those the oldest.</param>
/// <param name="After">Where there are more: ask again with this as <c>after</c>.</param>
internal sealed record ListOpenAlertsPage(IReadOnlyList<AlertView> Alerts, Guid? After);
