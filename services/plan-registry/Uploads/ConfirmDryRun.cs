using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Safeguarding.Hosting.Access;
using Safeguarding.PlanRegistry.Domain.Plans;
using Safeguarding.PlanRegistry.Domain.Uploads;
using Safeguarding.PlanRegistry.Storage;

namespace Safeguarding.PlanRegistry.Uploads;

/// <summary>
/// A dry run that its council confirms becomes an upload under the next number. All its lines wait for the council's
/// word, as held ones do, so that what was changed since the dry run stays as it is.
/// </summary>
internal static class ConfirmDryRun
{
    public static bool IsPossible(Upload upload) => upload is { DryRun: true, State: UploadState.Completed };

    /// <returns>Null, or why it cannot be confirmed any more.</returns>
    public static async Task<ProblemHttpResult?> HoldAsync(
        PlanRegistryDb db,
        Upload upload,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        // The release before this one kept nothing of a dry run.
        var isErased = await db.StagedLines.AnyAsync(
            line => line.UploadId == upload.Id && line.Action == LineAction.Registers && line.Subject == null,
            cancellationToken
        );
        if (isErased || now > upload.ReceivedAt + Upload.Kept)
        {
            return Refusal.Problem(
                StatusCodes.Status409Conflict,
                "dry-run-too-old",
                "This dry run is more than 24 hours old, and what it was about is not kept any longer. Send the file again."
            );
        }

        var last = await db.LastSequenceAsync(upload.CouncilCode, cancellationToken);
        if (last == UploadSequence.Highest(last))
            return UploadSequence.NotIncreasing(last);
        (upload.DryRun, upload.Sequence) = (false, last + 1);
        (upload.WaitingSince, upload.FinishedAt) = (upload.FinishedAt, null);
        (upload.Held, upload.LinesDone) = (upload.Lines, 0);
        upload.Registered = upload.Amended = upload.Ended = upload.Deleted = upload.Unchanged = 0;
        upload.NotKept = upload.Refused = upload.Skipped = upload.Warned = upload.Unreadable = 0;
        await db
            .StagedLines.Where(line => line.UploadId == upload.Id)
            .ExecuteUpdateAsync(set => set.SetProperty(line => line.Outcome, PlanOutcome.Held), cancellationToken);
        if (upload.Mode == UploadMode.Full)
            await StartUpload.SupersedeAsync(db, upload, now, cancellationToken);
        return null;
    }
}
