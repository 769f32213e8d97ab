using Safeguarding.Contracts.Matches;
using Safeguarding.Operations.Accounts;

namespace Safeguarding.Notification.Storage;

/// <summary>
/// What this service reports to <c>./hub prove</c>: every alert and where it stands. Parked is an alert that nobody has
/// yet and that an endpoint said it never will take; it stays in the feed. An encounter that joined another's alert
/// stands where that alert stands.
/// </summary>
internal static class AlertAccounts
{
    public static AccountSet Set { get; } =
        new(
            "alerts",
            """
            SELECT alert.encounter_id AS id, alert.council_code AS council, alert.match_version AS version,
                tells AS stands,
                CASE
                    WHEN NOT tells THEN 'withdrawn'
                    WHEN telling.state IN ('Acknowledged', 'Refused') THEN lower(telling.state)
                    WHEN telling.state = 'Raised' AND EXISTS (SELECT FROM notification.delivery
                        WHERE alert_id = telling.id AND delivery.state = 'Parked') THEN 'parked'
                    ELSE 'waiting'
                END AS state
            FROM notification.alert JOIN notification.alert AS telling ON telling.id = coalesce(alert.grouped_into,
                alert.id)
            CROSS JOIN LATERAL (
                SELECT telling.state <> 'Withdrawn' AND (coalesce(telling.shown_encounter_id,
                    telling.encounter_id) = alert.encounter_id
                    OR telling.earlier @> jsonb_build_array(jsonb_build_object('encounterId', alert.encounter_id))) AS tells) AS attendance
            WHERE alert.encounter_id >= @low AND alert.encounter_id < @high
            """,
            "encounterId",
            typeof(EncounterMatched),
            typeof(MatchWithdrawn)
        );
}
