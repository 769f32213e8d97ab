using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Safeguarding.Hosting.Access;
using Safeguarding.Hosting.Privacy;
using Safeguarding.Notification.Storage;

namespace Safeguarding.Notification.Alerts;

/// <summary>A council's alerts, newest first.</summary>
internal static class ListAlerts
{
    private const int MostAtOnce = 200;

    internal static async Task<Results<Ok<Page>, ProblemHttpResult>> Handle(
        Caller caller, NotificationDb db, Sealer sealer, TimeProvider clock, HttpContext http, CancellationToken cancellationToken,
        string? state = null, bool? overdue = null, Guid? before = null, int limit = 50)
    {
        http.Response.Headers.CacheControl = "no-store";
        if (limit is < 1 or > MostAtOnce)
            return Refusal.Problem(StatusCodes.Status400BadRequest, "limit-out-of-range", "limit must be 1 to 200.", new FieldError("limit", "1 to 200"));

        if (QueryValue.Read<AlertState>("state", state, out var wanted) is { } fault) return fault;

        var now = clock.GetUtcNow();
        var (stateText, atMost) = (wanted?.ToString(), limit + 1);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        // An array, because a row that changes while it is waited for is looked at again, and would not be found again in a query.
        // Locked, so that a withdrawal in the same moment either shows here or knows that the council has read the alert.
        var found = await db.Alerts.FromSql($"""
            SELECT * FROM notification.alert WHERE id = ANY(ARRAY(
                SELECT id FROM notification.alert
                WHERE council_code = {caller.Organisation} AND raised_at IS NOT NULL
                    AND ({stateText}::text IS NULL OR state = {stateText})
                    AND ({overdue}::boolean IS NULL OR {overdue} = (state IN ('Raised', 'Delivered') AND overdue_at <= {now}))
                    AND ({before}::uuid IS NULL OR id < {before})
                ORDER BY id DESC LIMIT {atMost}))
            ORDER BY encounter_id, council_code FOR UPDATE
            """).ToListAsync(cancellationToken);
        var page = found.OrderByDescending(alert => alert.Id).Take(limit).ToList();
        foreach (var alert in page)
        {
            alert.Disclosed = true;
            db.Audit(caller, "alert.list", alert.Id);
        }
        await db.SaveChangesAsync(cancellationToken);
        var views = await db.ViewAsync(page, caller.Organisation, sealer, now, cancellationToken);
        await transaction.CommitAsync(CancellationToken.None);
        return TypedResults.Ok(new Page(views, found.Count > limit ? page[^1].Id : null));
    }

    /// <param name="Alerts">Newest first.</param>
    /// <param name="Before">Where there are more: ask again with this as <c>before</c>.</param>
    internal sealed record Page(IReadOnlyList<AlertView> Alerts, Guid? Before);
}
