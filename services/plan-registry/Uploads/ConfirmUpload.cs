using Microsoft.AspNetCore.Http.HttpResults;
using Safeguarding.Hosting.Access;
using Safeguarding.PlanRegistry.Domain.Uploads;
using Safeguarding.PlanRegistry.Refusals;
using Safeguarding.PlanRegistry.Storage;

namespace Safeguarding.PlanRegistry.Uploads;

/// <summary>
/// The council's word that what waits of an upload is right: the lines that wait are applied, and the missing
/// plans have ended. A dry run becomes an upload by it. Given again, it changes nothing.
/// </summary>
internal static class ConfirmUpload
{
    public static async Task<Results<Accepted<UploadView>, ProblemHttpResult>> Handle(
        Guid id,
        Caller caller,
        PlanRegistryDb db,
        UploadSignal signal,
        RecordRefusals refusals,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        await using var transaction = await db.BeginChangeAsync(caller.Organisation, cancellationToken);
        if (await db.OwnUploadAsync(id, caller, cancellationToken) is not { } upload)
            return Refusal.NotFound();
        var wasConfirmed =
            upload is
            { DecidedBy: not null, State: UploadState.Applying or UploadState.Ending or UploadState.Completed };
        if (ConfirmDryRun.IsPossible(upload))
        {
            if (await ConfirmDryRun.HoldAsync(db, upload, clock.GetUtcNow(), cancellationToken) is { } refusal)
                return refusal;
            refusals.Accepted(upload);
        }
        else if (upload.State != UploadState.AwaitingConfirmation && !wasConfirmed)
        {
            return NotAwaiting();
        }

        if (!wasConfirmed)
        {
            // The lines that wait are gone through from the first.
            (upload.State, upload.LastLine) = (UploadState.Applying, 0);
            (upload.DecidedBy, upload.Person) = (caller.ClientId, caller.Person);
            db.Audit(caller, "upload.confirmed", upload.Id);
            await db.SaveChangesAsync(cancellationToken);
            await transaction.CommitAsync(CancellationToken.None);
            signal.Set();
        }

        return TypedResults.Accepted($"/uploads/{upload.Id}", UploadView.Of(upload));
    }

    internal static ProblemHttpResult NotAwaiting() =>
        Refusal.Problem(
            StatusCodes.Status409Conflict,
            "not-awaiting-confirmation",
            "This upload does not wait for a confirmation. Its state says why."
        );
}
