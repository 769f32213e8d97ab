using Microsoft.AspNetCore.Http.HttpResults;
using Safeguarding.Hosting;
using Safeguarding.Hosting.Access;
using Safeguarding.Hosting.Privacy;
using Safeguarding.PlanRegistry.Storage;

namespace Safeguarding.PlanRegistry.Plans;

internal static class GetPlan
{
    public static async Task<Results<Ok<PlanView>, ProblemHttpResult>> Handle(
        string reference,
        Caller caller,
        HttpContext http,
        PlanRegistryDb db,
        Sealer sealer,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        var plan = await db.ByReferenceAsync(caller.Organisation, FindPlan.FromUrl(reference), cancellationToken);
        if (plan is null || !plan.IsVisible(clock.Today()))
            return Refusal.NotFound();

        db.Audit(caller, "plan.read", plan.Id);
        await db.SaveChangesAsync(cancellationToken);
        Precondition.Tag(http.Response, plan.Version);
        return TypedResults.Ok(PlanView.Of(plan, sealer));
    }
}
