using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Safeguarding.Hosting.Access;
using Safeguarding.PlanRegistry.Domain.Uploads;
using Safeguarding.PlanRegistry.Storage;

namespace Safeguarding.PlanRegistry.Uploads;

internal static class GetUpload
{
    public static async Task<Results<Ok<UploadView>, ProblemHttpResult>> Handle(
        Guid id,
        Caller caller,
        PlanRegistryDb db,
        CancellationToken cancellationToken
    ) =>
        await db.OwnUploadAsync(id, caller, cancellationToken) is { } upload
            ? TypedResults.Ok(UploadView.Of(upload))
            : Refusal.NotFound();

    /// <summary>An upload of the caller's council, or null.</summary>
    public static Task<Upload?> OwnUploadAsync(
        this PlanRegistryDb db,
        Guid id,
        Caller caller,
        CancellationToken cancellationToken
    ) =>
        db.Uploads.SingleOrDefaultAsync(
            upload => upload.Id == id && upload.CouncilCode == caller.Organisation,
            cancellationToken
        );
}
