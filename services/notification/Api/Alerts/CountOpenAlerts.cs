using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Safeguarding.Hosting.Access;
using Safeguarding.Notification.Domain.Alerts;
using Safeguarding.Notification.Storage;

namespace Safeguarding.Notification.Api.Alerts;

/// <summary>How many alerts wait for the council, without showing one of them.</summary>
internal static class CountOpenAlerts
{
    internal static async Task<Ok<Count>> Handle(
        Caller caller,
        NotificationDb db,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        var now = clock.GetUtcNow();
        // The mark is of what a list shows, so that whoever looks again sees a change without reading one alert.
        var count = await db
            .Database.SqlQuery<Count>(
                $"""
                SELECT count(*)::int AS "Open",
                    (count(*) FILTER (WHERE overdue_at <= {now}))::int AS "Overdue",
                    md5(coalesce(string_agg(concat_ws(':', id, version, handed_over_at), ',' ORDER BY id), '')) AS "Mark"
                FROM notification.alert
                WHERE council_code = {caller.Organisation} AND state IN ('Raised', 'Delivered')
                    AND raised_at IS NOT NULL
                """
            )
            .SingleAsync(cancellationToken);
        return TypedResults.Ok(count);
    }

    /// <param name="Open">Nobody has acknowledged or refused them.</param>
    /// <param name="Overdue">Of these, those that nobody has settled in time.</param>
    /// <param name="Mark">Another one whenever an open alert was added, changed or closed: ask for the alerts again
    /// where it differs.</param>
    internal sealed record Count(int Open, int Overdue, string Mark);
}
