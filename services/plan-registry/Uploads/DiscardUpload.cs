using Microsoft.AspNetCore.Http.HttpResults;
using Safeguarding.Hosting.Access;
using Safeguarding.PlanRegistry.Domain.Uploads;
using Safeguarding.PlanRegistry.Storage;

namespace Safeguarding.PlanRegistry.Uploads;

/// <summary>
/// The council's word that what waits of an upload is wrong: the lines that wait are not applied, and the
/// missing plans have not ended. Of a dry run, what was kept to be confirmed is erased. Given again, it changes
/// nothing.
/// </summary>
internal static class DiscardUpload
{
    public static async Task<Results<Ok<UploadView>, ProblemHttpResult>> Handle(
        Guid id,
        Caller caller,
        PlanRegistryDb db,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        await using var transaction = await db.BeginChangeAsync(caller.Organisation, cancellationToken);
        if (await db.OwnUploadAsync(id, caller, cancellationToken) is not { } upload)
            return Refusal.NotFound();
        if (upload.State == UploadState.Discarded)
            return TypedResults.Ok(UploadView.Of(upload));
        if (upload.State != UploadState.AwaitingConfirmation && !ConfirmDryRun.IsPossible(upload))
            return ConfirmUpload.NotAwaiting();

        (upload.State, upload.DecidedBy, upload.FinishedAt) = (
            UploadState.Discarded,
            caller.ClientId,
            clock.GetUtcNow()
        );
        if (upload.DryRun)
            await ApplyLines.DeleteAsync(db, upload.Id, cancellationToken);
        else
            await ApplyLines.DiscardHeldAsync(db, upload.Id, cancellationToken);
        db.Audit(caller, "upload.discarded", upload.Id);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(CancellationToken.None);
        return TypedResults.Ok(UploadView.Of(upload));
    }
}
