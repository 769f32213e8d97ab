using Microsoft.EntityFrameworkCore;
using Safeguarding.Contracts.Plans;
using Safeguarding.Hosting;
using Safeguarding.Hosting.Access;
using Safeguarding.PlanRegistry.Domain.Uploads;
using Safeguarding.PlanRegistry.Plans;
using Safeguarding.PlanRegistry.Storage;

namespace Safeguarding.PlanRegistry.Uploads;

/// <summary>
/// Ends the running plans that a full register leaves out, once every line was judged, and only within the
/// limit or on the council's word.
/// </summary>
internal static class EndMissing
{
    private const int Batch = 1_000;

    public static async Task StartAsync(
        PlanRegistryDb db,
        Upload upload,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var isConfirmed = upload.DecidedBy is not null;
        if (upload.Mode == UploadMode.Full && !isConfirmed)
            upload.Missing = await ListAsync(db, upload, cancellationToken);
        if (upload.DryRun || (upload.Missing == 0 && upload.Held == 0))
            Complete(upload, now);
        else if (isConfirmed || EffectLimit.Reasons(upload) is [])
            upload.State = UploadState.Ending;
        else
            AwaitConfirmation(db, upload, now);
    }

    public static async Task StepAsync(
        PlanRegistryDb db,
        Upload upload,
        ChangePlan change,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var endings = await db
            .UploadEndings.AsNoTracking()
            .Where(ending => ending.UploadId == upload.Id && !ending.Done)
            .OrderBy(ending => ending.Reference)
            .Take(Batch)
            .ToListAsync(cancellationToken);
        if (endings.Count == 0)
        {
            Complete(upload, now);
            return;
        }

        var ids = endings.Select(ending => ending.PlanId).ToArray();
        var plans = await db
            .Plans.Where(plan => ids.Contains(plan.Id))
            .ToDictionaryAsync(plan => plan.Id, cancellationToken);
        var lastDay = UkTime.Day(upload.ReceivedAt);
        foreach (var ending in endings)
        {
            // Another version: somebody changed the plan since, and knew more than the file.
            if (plans.GetValueOrDefault(ending.PlanId) is not { } plan || plan.Version != ending.PlanVersion)
                continue;
            change.End(plan, lastDay);
            upload.MissingEnded++;
        }

        await db
            .UploadEndings.Where(ending => ending.UploadId == upload.Id && ids.Contains(ending.PlanId))
            .ExecuteUpdateAsync(set => set.SetProperty(ending => ending.Done, true), cancellationToken);
    }

    private static void AwaitConfirmation(PlanRegistryDb db, Upload upload, DateTimeOffset now)
    {
        // Postgres keeps microseconds: what is sent now must equal what is read later.
        var since = now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMicrosecond));
        (upload.State, upload.WaitingSince) = (UploadState.AwaitingConfirmation, since);
        db.Publish(
            new PlanUploadAwaitsConfirmation(
                upload.Id,
                upload.CouncilCode,
                upload.Sequence,
                upload.Running,
                upload.LineEndings + upload.Missing,
                upload.LineDeletions,
                upload.IdentityChanges,
                since
            )
        );
        db.Audit(Caller.Hub, "upload.awaiting-confirmation", upload.Id);
    }

    // A plan that a single request registered or changed after the upload began is not missing: the file could not
    // know.
    private static Task<int> ListAsync(PlanRegistryDb db, Upload upload, CancellationToken cancellationToken) =>
        db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO plan_registry.upload_ending (upload_id, reference, plan_id, plan_version, done)
            SELECT {upload.Id}, p.reference, p.id, p.version, false
            FROM plan_registry.plan p
            WHERE p.council_code = {upload.CouncilCode} AND p.deleted_at IS NULL AND p.end_date IS NULL
              AND (p.changed_at < {upload.ReceivedAt} OR p.changed_by_upload IS NOT NULL)
              AND NOT EXISTS (SELECT 1 FROM plan_registry.upload_line l WHERE l.upload_id = {upload.Id}
                  AND l.reference = p.reference)
            """,
            cancellationToken
        );

    private static void Complete(Upload upload, DateTimeOffset now) =>
        (upload.State, upload.FinishedAt) = (UploadState.Completed, now);
}
