using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Safeguarding.Notification.Api.Councils;

/// <summary>
/// How many alerts each council has yet to take, and what its endpoints have yet to take, for the people who
/// run the hub: numbers and times only.
/// </summary>
internal static class CountWaiting
{
    internal static async Task<Ok<List<CouncilStatus>>> Handle(
        NpgsqlDataSource source,
        CancellationToken cancellationToken
    )
    {
        await using var command = source.CreateCommand(
            """
            SELECT council_code, coalesce(alerts, 0), oldest_alert, coalesce(waiting, 0), oldest_delivery,
                coalesce(parked, 0)
            FROM (
                SELECT council_code, count(*) AS alerts, min(raised_at) AS oldest_alert
                FROM notification.alert WHERE state IN ('Raised', 'Delivered') GROUP BY council_code) AS open
            FULL JOIN (
                SELECT council_code, count(*) FILTER (WHERE state = 'Waiting') AS waiting, min(created_at) FILTER (WHERE
                    state = 'Waiting') AS oldest_delivery,
                    count(*) FILTER (WHERE state = 'Parked') AS parked
                FROM notification.delivery
                WHERE state IN ('Waiting', 'Parked') AND EXISTS (SELECT FROM notification.subscription
                    WHERE id = subscription_id) GROUP BY council_code) AS unsent USING (council_code)
            ORDER BY council_code
            """
        );
        List<CouncilStatus> standings = [];
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
        {
            standings.Add(
                new CouncilStatus(
                    row.GetString(0),
                    row.GetInt64(1),
                    row.IsDBNull(2) ? null : row.GetFieldValue<DateTimeOffset>(2),
                    row.GetInt64(3),
                    row.IsDBNull(4) ? null : row.GetFieldValue<DateTimeOffset>(4),
                    row.GetInt64(5)
                )
            );
        }
        return TypedResults.Ok(standings);
    }

    /// <param name="Council">GSS code.</param>
    /// <param name="AlertsWaiting">Alerts that nobody at the council has taken.</param>
    /// <param name="OldestAlertRaisedAt">When the oldest of them was raised.</param>
    /// <param name="DeliveriesWaiting">Deliveries to its endpoints that are still to be taken.</param>
    /// <param name="OldestDeliveryMadeAt">When the oldest of them was made.</param>
    /// <param name="DeliveriesParked">Deliveries that an endpoint refused.</param>
    internal sealed record CouncilStatus(
        string Council,
        long AlertsWaiting,
        DateTimeOffset? OldestAlertRaisedAt,
        long DeliveriesWaiting,
        DateTimeOffset? OldestDeliveryMadeAt,
        long DeliveriesParked
    );
}
