using Microsoft.EntityFrameworkCore;
using Safeguarding.PlanRegistry.Storage;

namespace Safeguarding.PlanRegistry.Uploads;

/// <summary>
/// Uploads that were coming in when their process died. Their lock is free, so the rest will never
/// come.
/// </summary>
internal static class AbandonedUploads
{
    private const string Words =
        "The hub was restarted before the whole body had come. Nothing was changed; send it again.";

    public static async Task FailAsync(PlanRegistryDb db, TimeProvider clock, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await db.Database.ExecuteSqlAsync(
            $"""
            WITH abandoned AS MATERIALIZED (
                SELECT id FROM plan_registry.upload
                WHERE state = 'Receiving' AND pg_try_advisory_xact_lock(hashtextextended('upload:' || id, 0))),
            failed AS (
                UPDATE plan_registry.upload u
                SET state = 'Failed', failure_code = 'cut-off', failure_words = {Words}, finished_at = {now}, lines = 0
                FROM abandoned WHERE u.id = abandoned.id AND u.state = 'Receiving' RETURNING u.id)
            DELETE FROM plan_registry.upload_line USING failed WHERE upload_id = failed.id
            """,
            cancellationToken
        );
    }
}
