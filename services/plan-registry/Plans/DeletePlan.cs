using Microsoft.AspNetCore.Http.HttpResults;
using Safeguarding.Hosting.Access;
using Safeguarding.Hosting.Privacy;
using Safeguarding.PlanRegistry.Storage;

namespace Safeguarding.PlanRegistry.Plans;

/// <summary>
/// Takes out a plan that was never right; the alerts it raised are recalled. Deleting it again changes
/// nothing.
/// </summary>
internal static class DeletePlan
{
    public static async Task<Results<NoContent, ProblemHttpResult>> Handle(
        string reference,
        Caller caller,
        HttpContext http,
        PlanRegistryDb db,
        Sealer sealer,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        var own = FindPlan.FromUrl(reference);
        await using var transaction = await db.BeginChangeAsync(caller.Organisation, cancellationToken);
        var plan = await db.ByReferenceAsync(caller.Organisation, own, cancellationToken);
        if (plan is null && await db.WasDeletedAsync(caller.Organisation, own, cancellationToken))
        {
            await transaction.CommitAsync(CancellationToken.None);
            return TypedResults.NoContent();
        }

        if (plan is null)
            return Refusal.NotFound();
        if (!Precondition.Holds(http.Request, plan.Version))
            return Precondition.Failed();

        new ChangePlan(db, sealer, caller, clock.GetUtcNow()).Delete(plan);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(CancellationToken.None);
        return TypedResults.NoContent();
    }
}
