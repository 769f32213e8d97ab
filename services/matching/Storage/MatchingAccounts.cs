using Safeguarding.Contracts.Encounters;
using Safeguarding.Contracts.Matches;
using Safeguarding.Contracts.Plans;
using Safeguarding.Operations.Accounts;

namespace Safeguarding.Matching.Storage;

/// <summary>
/// What this service reports to <c>./hub prove</c>: what became of each encounter, what councils were notified of,
/// which plans it knows.
/// </summary>
internal static class MatchingAccounts
{
    public static IReadOnlyList<AccountSet> Sets { get; } =
    [
        // Version 0 where the ledger does not bear out the present view: no decision of the version held (unless its
        // day is forgotten), or one that raised or asked something of which there is no row.
        new(
            "encounters",
            """
            SELECT encounter_id AS id, '' AS council, CASE WHEN decided THEN version
                ELSE 0 END AS version, true AS stands,
                CASE WHEN NOT decided THEN 'undecided' WHEN matched THEN 'alerted' WHEN asked THEN 'in review'
                    ELSE 'unmatched' END AS state
            FROM (
                SELECT encounter_id, version,
                    EXISTS (SELECT FROM matching.council_match AS notified WHERE notified.encounter_id = encounter.encounter_id
                        AND matched) AS matched,
                    EXISTS (SELECT FROM matching.review_member AS member JOIN matching.review USING (review_id)
                        WHERE member.encounter_id = encounter.encounter_id AND state = 'open') AS asked,
                    (EXISTS (
                        SELECT FROM matching.decision
                        WHERE decision.encounter_id = encounter.encounter_id AND encounter_version = encounter.version)
                        OR to_regclass('matching.decision_' || to_char(day, 'YYYYMMDD')) IS NULL)
                    AND NOT EXISTS (
                        SELECT FROM (
                            SELECT DISTINCT ON (council_code) council_code, outcome, decided_by FROM matching.decision
                            WHERE decision.encounter_id = encounter.encounter_id AND council_code IS NOT NULL
                            ORDER BY council_code, decided_at DESC, decision_id DESC) AS last
                        WHERE decided_by IS NULL AND (
                            (outcome = 'Matched' AND NOT EXISTS (
                                SELECT FROM matching.council_match AS notified
                                WHERE notified.encounter_id = encounter.encounter_id
                                    AND notified.council_code = last.council_code AND matched))
                            OR (outcome = 'NeedsReview' AND NOT EXISTS (
                                SELECT FROM matching.review_member AS member
                                WHERE member.encounter_id = encounter.encounter_id
                                    AND member.council_code = last.council_code)))) AS decided
                FROM matching.encounter WHERE encounter_id >= @low AND encounter_id < @high) AS judged
            """,
            "encounterId",
            typeof(EncounterReceived)
        ),
        new(
            "alerts",
            """
            SELECT encounter_id AS id, council_code AS council, version, matched AS stands, CASE
                WHEN matched THEN 'told' ELSE 'withdrawn' END AS state
            FROM matching.council_match WHERE encounter_id >= @low AND encounter_id < @high
            """,
            "encounterId",
            typeof(EncounterMatched),
            typeof(MatchWithdrawn)
        ),
        new(
            "plans",
            """
            SELECT plan_id AS id, council_code AS council, greatest(facts_version, end_version,
                deleted_version) AS version, NOT deleted AS stands,
                CASE WHEN deleted THEN 'deleted' ELSE 'held' END AS state
            FROM matching.plan WHERE plan_id >= @low AND plan_id < @high
            """,
            "planId",
            typeof(PlanRegistered),
            typeof(PlanAmended),
            typeof(PlanEnded),
            typeof(PlanDeleted)
        ),
    ];
}
