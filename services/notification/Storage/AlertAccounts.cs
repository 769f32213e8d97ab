using Safeguarding.Contracts.Matches;
using Safeguarding.Hosting.Accounts;

namespace Safeguarding.Notification.Storage;

/// <summary>
/// What this service tells <c>./hub prove</c>: every alert and where it stands. Parked is an alert that nobody has yet and that an endpoint
/// said it never will take; it stays in the feed.
/// </summary>
internal static class AlertAccounts
{
    public static AccountSet Set { get; } = new(
        "alerts",
        """
        SELECT encounter_id AS id, council_code AS council, match_version AS version, state <> 'Withdrawn' AS stands,
            CASE
                WHEN state IN ('Acknowledged', 'Refused', 'Withdrawn') THEN lower(state)
                WHEN state = 'Raised' AND EXISTS (SELECT FROM notification.delivery WHERE alert_id = alert.id AND delivery.state = 'Parked') THEN 'parked'
                ELSE 'waiting'
            END AS state
        FROM notification.alert WHERE encounter_id >= @low AND encounter_id < @high
        """,
        "encounterId", typeof(EncounterMatched), typeof(MatchWithdrawn));
}
