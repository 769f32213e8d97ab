using Microsoft.EntityFrameworkCore;
using Safeguarding.Hosting;
using Safeguarding.Hosting.Access;
using Safeguarding.Hosting.Privacy;
using Safeguarding.PlanRegistry.Domain.Uploads;
using Safeguarding.PlanRegistry.Plans;
using Safeguarding.PlanRegistry.Refusals;
using Safeguarding.PlanRegistry.Storage;

namespace Safeguarding.PlanRegistry.Uploads;

/// <summary>Takes one upload one step further, in one transaction that also says how far it is.</summary>
internal sealed class ApplyUpload(PlanRegistryDb db, Sealer sealer, RecordRefusals refusals, TimeProvider clock)
{
    /// <returns>False where another process is at it.</returns>
    public async Task<bool> StepAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var locked = await db
            .Uploads.FromSql($"SELECT * FROM plan_registry.upload WHERE id = {id} FOR UPDATE SKIP LOCKED")
            .ToListAsync(cancellationToken);
        if (locked is not [var upload])
            return false;
        await db.LockRegisterAsync(upload.CouncilCode, cancellationToken);

        var change = new ChangePlan(
            db,
            sealer,
            new Caller(upload.ClientId, upload.CouncilCode, new HashSet<string>()) { Person = upload.Person },
            clock.GetUtcNow(),
            upload.Id
        );
        var judged = new EvaluatedLines();
        switch (upload.State)
        {
            case UploadState.Queued:
                await StartUpload.StepAsync(db, upload, clock.GetUtcNow(), cancellationToken);
                break;
            case UploadState.Applying when upload.LinesAssessed < AssessLines.All:
                await AssessLines.StepAsync(db, upload, sealer, cancellationToken);
                break;
            case UploadState.Applying
                when !await ApplyLines.StepAsync(
                    db,
                    upload,
                    change,
                    sealer,
                    UkTime.Day(upload.ReceivedAt),
                    judged,
                    cancellationToken
                ):
                await EndMissing.StartAsync(db, upload, clock.GetUtcNow(), cancellationToken);
                break;
            case UploadState.Ending:
                await EndMissing.StepAsync(db, upload, change, clock.GetUtcNow(), cancellationToken);
                break;
        }

        upload.Attempts = 0;
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(CancellationToken.None);
        if (!upload.DryRun)
            refusals.Record(upload, judged);
        return true;
    }
}
