using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Safeguarding.Hosting.Access;
using Safeguarding.Hosting.Audit;
using Safeguarding.Hosting.Privacy;
using Safeguarding.Notification.Delivery;
using Safeguarding.Notification.Domain.Alerts;
using Safeguarding.Notification.Storage;

namespace Safeguarding.Notification.Api.Alerts;

/// <summary>
/// A council's alerts, newest first; or, with <c>changedAfter</c>, in the order in which they
/// changed.
/// </summary>
internal static class ListAlerts
{
    private const int MostAtOnce = 200;
    private const int LongestReference = 200;

    internal static async Task<Results<Ok<ListAlertsPage>, ProblemHttpResult>> Handle(
        Caller caller,
        NotificationDb db,
        Sealer sealer,
        NewestAuditRoots roots,
        TimeProvider clock,
        HttpContext http,
        CancellationToken cancellationToken,
        string? state = null,
        bool? overdue = null,
        string? plan = null,
        Guid? before = null,
        long? changedAfter = null,
        int limit = 50
    )
    {
        if (LimitError(limit) is { } tooMany)
            return tooMany;

        if (QueryValue.Read<AlertState>("state", state, out var wanted) is { } error)
            return error;

        if (plan is { Length: 0 or > LongestReference })
        {
            return Refusal.Problem(
                StatusCodes.Status400BadRequest,
                "plan-unusable",
                $"plan must be a plan's reference, 1 to {LongestReference} characters.",
                new FieldError("plan", "a plan's reference")
            );
        }

        if (changedAfter is not null && (state is not null || overdue is not null || before is not null))
        {
            return Refusal.Problem(
                StatusCodes.Status400BadRequest,
                "changed-after-alone",
                "changedAfter goes with plan and limit only: an alert that no longer fits a state has changed, too.",
                new FieldError("changedAfter", "goes with plan and limit only")
            );
        }

        var now = clock.GetUtcNow();
        var ofPlan = OfPlan.Named(plan);
        if (changedAfter is { } after)
        {
            if (await ListChanges.NumberAsync(db, caller.Organisation, after, cancellationToken) is { } unknown)
                return unknown;
            await using var reading = await db.Database.BeginTransactionAsync(cancellationToken);
            var changes = await ListChanges.ReadAsync(db, caller.Organisation, after, ofPlan, limit, cancellationToken);
            var changed = new ListAlertsPage(
                await DiscloseAsync(db, changes.Alerts, caller, sealer, now, cancellationToken),
                null,
                changes.Next,
                changes.More,
                roots.All
            );
            await reading.CommitAsync(CancellationToken.None);
            return TypedResults.Ok(changed);
        }

        var (stateText, atMost) = (wanted?.ToString(), limit + 1);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        // An array, because a row that changes while it is waited for is looked at again, and would not be found again
        // in a query. Locked, so that a withdrawal in the same moment either shows here or knows that the council has
        // read the alert.
        var found = await db
            .Alerts.FromSql(
                $"""
                SELECT * FROM notification.alert WHERE id = ANY(ARRAY(
                    SELECT id FROM notification.alert
                    WHERE council_code = {caller.Organisation} AND raised_at IS NOT NULL
                        AND ({stateText}::text IS NULL OR state = {stateText})
                        AND ({overdue}::boolean IS NULL OR {overdue} = (state IN ('Raised', 'Delivered')
                            AND overdue_at <= {now}))
                        AND ({before}::uuid IS NULL OR id < {before})
                        AND ({ofPlan.Newest}::jsonb IS NULL OR plans @> {ofPlan.Newest}::jsonb
                            OR earlier @> {ofPlan.Earlier}::jsonb)
                    ORDER BY id DESC LIMIT {atMost}))
                ORDER BY encounter_id, council_code FOR UPDATE
                """
            )
            .ToListAsync(cancellationToken);
        var page = found.OrderByDescending(alert => alert.Id).Take(limit).ToList();
        var views = await DiscloseAsync(db, page, caller, sealer, now, cancellationToken);
        await transaction.CommitAsync(CancellationToken.None);
        return TypedResults.Ok(
            new ListAlertsPage(views, found.Count > limit ? page[^1].Id : null, null, null, roots.All)
        );
    }

    /// <returns>Null where so many may be asked for at once.</returns>
    public static ProblemHttpResult? LimitError(int limit) =>
        limit is >= 1 and <= MostAtOnce
            ? null
            : Refusal.Problem(
                StatusCodes.Status400BadRequest,
                "limit-out-of-range",
                "limit must be 1 to 200.",
                new FieldError("limit", "1 to 200")
            );

    public static async Task<List<AlertView>> DiscloseAsync(
        NotificationDb db,
        IReadOnlyList<Alert> page,
        Caller caller,
        Sealer sealer,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        foreach (var alert in page)
        {
            alert.Disclosed = true;
            db.Audit(caller, "alert.list", alert.Id);
        }
        await db.SaveChangesAsync(cancellationToken);
        return await db.ViewAsync(page, caller.Organisation, sealer, now, cancellationToken);
    }
}

/// <param name="Alerts">Newest first; with <c>changedAfter</c>, the earliest change first.</param>
/// <param name="Before">Where there are more: ask again with this as <c>before</c>.</param>
/// <param name="ChangedAfter">Where changes were asked for: ask again with this as <c>changedAfter</c>, now or
/// whenever.</param>
/// <param name="More">Where changes were asked for: whether there are more now.</param>
/// <param name="AuditRoots">The newest signed root of each service's audit. Keep them: they show a rewrite.</param>
internal sealed record ListAlertsPage(
    IReadOnlyList<AlertView> Alerts,
    Guid? Before,
    long? ChangedAfter,
    bool? More,
    IReadOnlyList<RootForOrganisation> AuditRoots
);
