using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Safeguarding.Hosting.Access;
using Safeguarding.PlanRegistry.Storage;

namespace Safeguarding.PlanRegistry.Uploads;

/// <summary>A page of them.</summary>
/// <param name="Endings">By reference.</param>
/// <param name="Next">Reference to give as <c>after</c> for the next page; null on the last.</param>
internal sealed record EndingsPage(IReadOnlyList<EndingView> Endings, string? Next);

/// <summary>A running plan that a full register leaves out.</summary>
/// <param name="Reference">The council's own, of the plan.</param>
/// <param name="Done">Whether it was looked at: ended, or left because it was changed since.</param>
internal sealed record EndingView(string Reference, bool Done);

/// <summary>Which running plans a full register leaves out, by reference.</summary>
internal static class ListEndings
{
    private const int Page = 1_000;

    public static async Task<Results<Ok<EndingsPage>, ProblemHttpResult>> Handle(
        Guid id,
        string? after,
        Caller caller,
        PlanRegistryDb db,
        CancellationToken cancellationToken
    )
    {
        if (await db.OwnUploadAsync(id, caller, cancellationToken) is null)
            return Refusal.NotFound();
        var endings = await db
            .UploadEndings.AsNoTracking()
            .Where(ending => ending.UploadId == id && (after == null || ending.Reference.CompareTo(after) > 0))
            .OrderBy(ending => ending.Reference)
            .Take(Page + 1)
            .Select(ending => new EndingView(ending.Reference, ending.Done))
            .ToListAsync(cancellationToken);
        return TypedResults.Ok(
            new EndingsPage([.. endings.Take(Page)], endings.Count > Page ? endings[Page - 1].Reference : null)
        );
    }
}
