using Microsoft.EntityFrameworkCore;
using Safeguarding.PlanRegistry.Domain.Uploads;
using Safeguarding.PlanRegistry.Storage;

namespace Safeguarding.PlanRegistry.Uploads;

/// <summary>
/// Warns of what only the file as a whole shows: one number on several lines, and references that are nearly
/// those of the register.
/// </summary>
internal static class RemarkLines
{
    private const string Repeated =
        "The same NHS number is on line %s too, for another person or for another plan of the same kind. Was it "
        + "filled down?";
    private const string Near =
        "You have a running plan %s, whose reference differs in capitals or leading zeros only. This one is "
        + "registered as another plan.";

    public static async Task AllAsync(PlanRegistryDb db, Upload upload, CancellationToken cancellationToken)
    {
        await db.Database.ExecuteSqlAsync(
            $"""
            WITH shared AS (
                SELECT nhs_number_mac AS mac, min(line) AS low, max(line) AS high FROM plan_registry.upload_line
                WHERE upload_id = {upload.Id} AND deed = 'Registers' AND nhs_number_mac IS NOT NULL AND end_date IS NULL
                GROUP BY nhs_number_mac
                HAVING count(*) > 1 AND (count(DISTINCT name_mac) > 1
                    OR count(*) FILTER (WHERE kind <> 'Unborn') > count(DISTINCT kind) FILTER (WHERE kind <> 'Unborn')))
            UPDATE plan_registry.upload_line l
            SET faults = coalesce(l.faults, '[]') || jsonb_build_array(jsonb_build_object('code', 'CPR06', 'detail',
                'nhs-number-repeated', 'column', 'nhs_number',
                'words', format({Repeated}, CASE WHEN l.line = low THEN high ELSE low END)))
            FROM shared
            WHERE l.upload_id = {upload.Id} AND l.deed = 'Registers' AND l.end_date IS NULL
                AND l.nhs_number_mac = shared.mac
            """,
            cancellationToken
        );
        await db.Database.ExecuteSqlAsync(
            $"""
            WITH fresh AS MATERIALIZED (
                SELECT l.line, lower(regexp_replace(l.reference, '(^|[^0-9])0+(?=[0-9])', '\1', 'g')) AS key
                    FROM plan_registry.upload_line l
                WHERE l.upload_id = {upload.Id} AND l.deed = 'Registers' AND NOT EXISTS (
                    SELECT 1 FROM plan_registry.plan p WHERE p.council_code = {upload.CouncilCode}
                        AND p.deleted_at IS NULL AND p.reference = l.reference)),
            running AS MATERIALIZED (
                SELECT lower(regexp_replace(p.reference, '(^|[^0-9])0+(?=[0-9])', '\1', 'g')) AS key,
                    min(p.reference) AS reference FROM plan_registry.plan p
                WHERE p.council_code = {upload.CouncilCode} AND p.deleted_at IS NULL AND p.end_date IS NULL GROUP BY 1)
            UPDATE plan_registry.upload_line l
            SET faults = coalesce(l.faults, '[]') || jsonb_build_array(jsonb_build_object('code', 'CPR06', 'detail',
                'reference-nearly-known', 'column', 'reference',
                'words', format({Near}, running.reference)))
            FROM fresh JOIN running USING (key)
            WHERE l.upload_id = {upload.Id} AND l.line = fresh.line
            """,
            cancellationToken
        );
    }
}
