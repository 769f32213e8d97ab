using Microsoft.EntityFrameworkCore;
using Safeguarding.PlanRegistry.Storage;

namespace Safeguarding.PlanRegistry.Uploads;

/// <summary>The first step: what can only be judged over the whole file, and what the register was before.</summary>
internal static class StartUpload
{
    public static async Task StepAsync(PlanRegistryDb db, Upload upload, CancellationToken cancellationToken)
    {
        await RefuseRepeatedReferencesAsync(db, upload.Id, cancellationToken);
        upload.Running = await db.Plans.CountAsync(
            plan => plan.CouncilCode == upload.CouncilCode && plan.DeletedAt == null && plan.EndDate == null, cancellationToken);
        if (upload is { Mode: UploadMode.Full, DryRun: false })
        {
            await db.Uploads
                .Where(earlier => earlier.CouncilCode == upload.CouncilCode && earlier.State == UploadState.AwaitingConfirmation)
                .ExecuteUpdateAsync(set => set.SetProperty(earlier => earlier.State, UploadState.Superseded), cancellationToken);
        }

        upload.State = UploadState.Applying;
    }

    // Which of two lines about one plan is right cannot be told, so both are refused and the plan stays as it is.
    private static Task<int> RefuseRepeatedReferencesAsync(PlanRegistryDb db, Guid uploadId, CancellationToken cancellationToken) =>
        db.Database.ExecuteSqlAsync($"""
            WITH repeated AS (
                SELECT reference, min(line) AS first, max(line) AS last FROM plan_registry.upload_line
                WHERE upload_id = {uploadId} AND reference_is_sure GROUP BY reference HAVING count(*) > 1)
            UPDATE plan_registry.upload_line l
            SET deed = 'Refused', subject = NULL, subject_key_id = NULL, nhs_number_mac = NULL, facts_mac = NULL,
                faults = coalesce(l.faults, '[]'::jsonb) || jsonb_build_array(jsonb_build_object(
                    'code', {CpisCode.NotLoaded}, 'detail', 'reference-repeated', 'column', 'reference', 'words',
                    'The same reference is on line ' || CASE WHEN l.line = r.first THEN r.last ELSE r.first END || ' too. Which one is right cannot be told, so none is taken.'))
            FROM repeated r
            WHERE l.upload_id = {uploadId} AND l.reference = r.reference AND l.reference_is_sure
            """, cancellationToken);
}
