using Microsoft.AspNetCore.Http.HttpResults;
using Safeguarding.Hosting.Access;
using Safeguarding.PlanRegistry.Plans;
using Safeguarding.PlanRegistry.Storage;

namespace Safeguarding.PlanRegistry.Councils;

internal static class GetCouncil
{
    public static async Task<Results<Ok<CouncilView>, ProblemHttpResult>> Handle(
        string code,
        Caller caller,
        HttpContext http,
        PlanRegistryDb db,
        CancellationToken cancellationToken
    )
    {
        if (code != caller.Organisation || await db.Councils.FindAsync([code], cancellationToken) is not { } council)
            return Refusal.NotFound();
        Precondition.Tag(http.Response, council.Version);
        return TypedResults.Ok(CouncilView.Of(council));
    }
}
