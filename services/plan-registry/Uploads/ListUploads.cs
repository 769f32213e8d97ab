using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Safeguarding.Hosting.Access;
using Safeguarding.PlanRegistry.Domain.Uploads;
using Safeguarding.PlanRegistry.Storage;

namespace Safeguarding.PlanRegistry.Uploads;

/// <param name="Uploads">The newest first.</param>
/// <param name="Next">Id to give as <c>after</c> for the next page; null on the last.</param>
internal sealed record UploadsPage(IReadOnlyList<UploadView> Uploads, Guid? Next);

/// <summary>The council's uploads, all or those in one state.</summary>
internal static class ListUploads
{
    private const int Page = 100;

    public static async Task<Results<Ok<UploadsPage>, ProblemHttpResult>> Handle(
        string? state,
        Guid? after,
        Caller caller,
        PlanRegistryDb db,
        CancellationToken cancellationToken
    )
    {
        var wanted = Enum.GetValues<UploadState>().Where(known => known.Kebab() == state).ToArray();
        if (state is not null && wanted is [])
        {
            var words =
                $"state is one of {string.Join(", ", Enum.GetValues<UploadState>().Select(known => known.Kebab()))}.";
            return Refusal.Problem(
                StatusCodes.Status400BadRequest,
                "state-invalid",
                words,
                new FieldError("state", words)
            );
        }

        var uploads = await db
            .Uploads.AsNoTracking()
            .Where(upload =>
                upload.CouncilCode == caller.Organisation
                && (after == null || upload.Id < after)
                && (state == null || wanted.Contains(upload.State))
            )
            .OrderByDescending(upload => upload.Id)
            .Take(Page + 1)
            .ToListAsync(cancellationToken);
        return TypedResults.Ok(
            new UploadsPage(
                [.. uploads.Take(Page).Select(UploadView.Of)],
                uploads.Count > Page ? uploads[Page - 1].Id : null
            )
        );
    }
}
