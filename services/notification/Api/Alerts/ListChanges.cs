using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Safeguarding.Hosting.Access;
using Safeguarding.Messaging;
using Safeguarding.Notification.Domain.Alerts;
using Safeguarding.Notification.Storage;

namespace Safeguarding.Notification.Api.Alerts;

/// <summary>
/// A council's alerts in the order of their changes, so that whoever asks again with the answer's cursor misses none. A
/// change gets its number only when it is committed and somebody asks: numbers that writers drew would commit in
/// another order than they were drawn, and a reader would pass over the slow one. A trigger takes the number away with
/// every change that the council would see.
/// </summary>
internal static class ListChanges
{
    /// <summary>The rest is numbered when it is asked for again.</summary>
    private const int NumberedAtOnce = 1000;

    /// <summary>
    /// Numbers what has been committed; one at a time for each council, so that no number appears below one
    /// that was read.
    /// </summary>
    /// <returns>A refusal where the cursor was never given.</returns>
    public static async Task<ProblemHttpResult?> NumberAsync(
        NotificationDb db,
        string councilCode,
        long after,
        CancellationToken cancellationToken
    )
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await db.Database.ExecuteSqlAsync(
            $"SELECT pg_advisory_xact_lock(hashtext('notification.alert_change'), hashtext({councilCode}))",
            cancellationToken
        );
        // What another transaction is changing right now is left to the next who asks.
        await db.Database.ExecuteSqlAsync(
            $"""
            UPDATE notification.alert SET change_number = nextval('notification.alert_change')
            WHERE id = ANY(ARRAY(
                SELECT id FROM notification.alert WHERE council_code = {councilCode} AND raised_at IS NOT NULL
                    AND change_number IS NULL
                ORDER BY changed_at, id LIMIT {NumberedAtOnce} FOR UPDATE SKIP LOCKED))
            """,
            cancellationToken
        );
        var highest = await db
            .Database.SqlQuery<long>(
                $"SELECT CASE WHEN is_called THEN last_value ELSE 0 END AS \"Value\" FROM notification.alert_change"
            )
            .SingleAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return after >= 0 && after <= highest
            ? null
            : Refusal.Problem(
                StatusCodes.Status409Conflict,
                "changed-after-unknown",
                "The hub has given no such changedAfter: it may have been restored to an earlier state. Begin again "
                    + "with 0.",
                new FieldError("changedAfter", "begin with 0")
            );
    }

    public static async Task<(List<Alert> Alerts, long Next, bool More)> ReadAsync(
        NotificationDb db,
        string councilCode,
        long after,
        OfPlan plan,
        int limit,
        CancellationToken cancellationToken
    )
    {
        var atMost = limit + 1;
        var found = await db
            .Alerts.FromSql(
                $"""
                SELECT * FROM notification.alert WHERE id = ANY(ARRAY(
                    SELECT id FROM notification.alert
                    WHERE council_code = {councilCode} AND raised_at IS NOT NULL AND change_number > {after}
                        AND ({plan.Newest}::jsonb IS NULL OR plans @> {plan.Newest}::jsonb
                            OR earlier @> {plan.Earlier}::jsonb)
                    ORDER BY change_number LIMIT {atMost}))
                ORDER BY encounter_id, council_code FOR UPDATE
                """
            )
            .ToListAsync(cancellationToken);
        // One that changed while it was waited for has lost its number; it comes with its new one.
        var page = found
            .Where(alert => alert.ChangeNumber > after)
            .OrderBy(alert => alert.ChangeNumber)
            .Take(limit)
            .ToList();
        var rest =
            found.Count > limit
            || await db.Alerts.AnyAsync(
                alert => alert.CouncilCode == councilCode && alert.RaisedAt != null && alert.ChangeNumber == null,
                cancellationToken
            );
        return (page, page is [] ? after : page[^1].ChangeNumber!.Value, rest);
    }
}

/// <summary>What the plans of an alert's attendances hold, where one has this reference; null for any.</summary>
/// <param name="Newest">In the newest attendance.</param>
/// <param name="Earlier">In an earlier one.</param>
internal sealed record OfPlan(string? Newest, string? Earlier)
{
    public static OfPlan Named(string? reference) =>
        reference is null
            ? new(null, null)
            : new(
                JsonSerializer.Serialize(new[] { new { reference } }, HubJson.Options),
                JsonSerializer.Serialize(new[] { new { plans = new[] { new { reference } } } }, HubJson.Options)
            );
}
