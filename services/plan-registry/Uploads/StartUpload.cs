using Microsoft.EntityFrameworkCore;
using Safeguarding.PlanRegistry.Domain.Uploads;
using Safeguarding.PlanRegistry.Storage;

namespace Safeguarding.PlanRegistry.Uploads;

/// <summary>
/// The first step: notes how large the register was before, settles what an earlier upload left open, and
/// looks at the file as a whole.
/// </summary>
internal static class StartUpload
{
    public static async Task StepAsync(
        PlanRegistryDb db,
        Upload upload,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        upload.Running = await db.Plans.CountAsync(
            plan => plan.CouncilCode == upload.CouncilCode && plan.DeletedAt == null && plan.EndDate == null,
            cancellationToken
        );
        if (upload is { Mode: UploadMode.Full, DryRun: false })
            await SupersedeAsync(db, upload, now, cancellationToken);

        await RemarkLines.AllAsync(db, upload, cancellationToken);

        upload.State = UploadState.Applying;
    }

    /// <summary>What earlier uploads hold back is settled by a full register that came after them.</summary>
    public static async Task SupersedeAsync(
        PlanRegistryDb db,
        Upload upload,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var waiting = await db
            .Uploads.Where(earlier =>
                earlier.CouncilCode == upload.CouncilCode
                && earlier.State == UploadState.AwaitingConfirmation
                && earlier.ReceivedAt <= upload.ReceivedAt
            )
            .ToListAsync(cancellationToken);
        foreach (var earlier in waiting)
        {
            (earlier.State, earlier.FinishedAt) = (UploadState.Superseded, now);
            await ApplyLines.DiscardHeldAsync(db, earlier.Id, cancellationToken);
        }
    }
}
