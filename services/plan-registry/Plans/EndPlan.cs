using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using Safeguarding.Hosting;
using Safeguarding.Hosting.Access;
using Safeguarding.Hosting.Privacy;
using Safeguarding.PlanRegistry.Domain.Plans;
using Safeguarding.PlanRegistry.Storage;

namespace Safeguarding.PlanRegistry.Plans;

/// <summary>The body of <c>POST /plans/{reference}/end</c>.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record PlanEnd(string? EndDate);

/// <summary>Ends a plan. Ending it again on the same day changes nothing; on another day corrects the end.</summary>
internal static class EndPlan
{
    public static async Task<Results<Ok<PlanView>, ProblemHttpResult>> Handle(
        string reference,
        PlanEnd body,
        Caller caller,
        HttpContext http,
        PlanRegistryDb db,
        Sealer sealer,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        var errors = new ValidationErrors();
        var end = PlanDate.Read(body.EndDate, PlanField.EndDate, errors);
        if (end > clock.Today())
        {
            errors.Add(
                PlanField.EndDate,
                "end-date-in-future",
                "The end is in the future. Send it when the plan has ended."
            );
        }

        if (end is null)
            errors.Add(PlanField.EndDate, "end-date-missing", "Say on which day the plan ended.");
        if (errors.Any)
            return errors.ToProblem();

        await using var transaction = await db.BeginChangeAsync(caller.Organisation, cancellationToken);
        var plan = await db.ByReferenceAsync(caller.Organisation, FindPlan.FromUrl(reference), cancellationToken);
        if (plan is null || !plan.IsVisible(clock.Today()))
            return Refusal.NotFound();
        if (!Precondition.Holds(http.Request, plan.Version))
            return Precondition.Failed();
        var (outcome, why) = DecidePlan.End(plan, end!.Value);
        if (why is not null)
        {
            return Refusal.Problem(
                StatusCodes.Status400BadRequest,
                why.Code,
                why.Words,
                new FieldError("endDate", why.Words)
            );
        }

        if (outcome == PlanOutcome.Ended)
            new ChangePlan(db, sealer, caller, clock.GetUtcNow()).End(plan, end.Value);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(CancellationToken.None);
        Precondition.Tag(http.Response, plan.Version);
        return TypedResults.Ok(PlanView.Of(plan, sealer));
    }
}
