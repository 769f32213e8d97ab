using Microsoft.EntityFrameworkCore;
using Safeguarding.PlanRegistry.Storage;

namespace Safeguarding.PlanRegistry.Uploads;

/// <summary>
/// Uploads that were coming in when their process died: nobody has said for a while that they still do, so the rest
/// will never come.
/// </summary>
internal static class AbandonedUploads
{
    private const string Words =
        "The hub was restarted before the whole body had come. Nothing was changed; send it again.";

    public static async Task FailAsync(PlanRegistryDb db, TimeProvider clock, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        // The release before this one said nothing and held a lock: while replicas of both run, either counts.
        await db.Database.ExecuteSqlAsync(
            $"""
            WITH failed AS (
                UPDATE plan_registry.upload
                SET state = 'Failed', failure_code = 'cut-off', failure_words = {Words}, finished_at = {now}, lines = 0
                WHERE state = 'Receiving' AND CASE
                    WHEN heard_at IS NULL THEN pg_try_advisory_xact_lock(hashtextextended('upload:' || id, 0))
                    ELSE heard_at < clock_timestamp() - {UploadHeartbeat.LongestSilence} END
                RETURNING id)
            DELETE FROM plan_registry.upload_line USING failed WHERE upload_id = failed.id
            """,
            cancellationToken
        );
    }
}
