using Microsoft.EntityFrameworkCore;
using Safeguarding.PlanRegistry.Storage;

namespace Safeguarding.PlanRegistry.Uploads;

/// <summary>The first step: notes how large the register was before, and settles what an earlier full register left open.</summary>
internal static class StartUpload
{
    public static async Task StepAsync(PlanRegistryDb db, Upload upload, CancellationToken cancellationToken)
    {
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
}
