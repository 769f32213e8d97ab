using Microsoft.AspNetCore.Http.HttpResults;
using Safeguarding.Hosting;
using Safeguarding.Hosting.Access;
using Safeguarding.Hosting.Privacy;
using Safeguarding.PlanRegistry.Domain.Plans;
using Safeguarding.PlanRegistry.Storage;

namespace Safeguarding.PlanRegistry.Plans;

/// <summary>
/// Creates or amends one plan. The body is the whole plan: what it leaves out is no longer so, but for the
/// mother of a child.
/// </summary>
internal static class PutPlan
{
    public static async Task<Results<Created<PlanView>, Ok<PlanView>, ProblemHttpResult>> Handle(
        string reference,
        PlanDocument document,
        Caller caller,
        HttpContext http,
        PlanRegistryDb db,
        Sealer sealer,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        var today = clock.Today();
        var errors = new ValidationErrors();
        var own = PlanReference.Read(FindPlan.FromUrl(reference), errors);
        if (ValidatePlan.From(document, today, errors) is not { } judged || own is null)
            return errors.ToProblem();
        PlanReference.Compare(own, judged.Subject, errors);
        if (errors.Any)
            return errors.ToProblem();
        var facts = SealedFacts.Of(judged, sealer);

        await using var transaction = await db.BeginChangeAsync(caller.Organisation, cancellationToken);
        var plan = await db.ByReferenceAsync(caller.Organisation, own, cancellationToken);
        if (!Precondition.Holds(http.Request, plan?.Version))
            return Precondition.Failed();

        var change = new ChangePlan(db, sealer, caller, clock.GetUtcNow());
        var outcome = DecidePlan.Register(plan, facts, today);
        switch (outcome)
        {
            case PlanOutcome.NotKept:
                return Refusal.Problem(
                    StatusCodes.Status400BadRequest,
                    "ended-too-long-ago",
                    "The plan ended more than 12 months ago: there is nothing left to share, so the hub does not "
                        + "take it."
                );
            case PlanOutcome.Registered:
                plan = change.Register(own, facts);
                break;
            case PlanOutcome.Amended:
                change.Amend(plan!, facts);
                break;
            case PlanOutcome.Ended:
                change.End(plan!, facts.EndDate!.Value);
                break;
        }

        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(CancellationToken.None);
        Precondition.Tag(http.Response, plan!.Version);
        var view = PlanView.Of(plan, sealer) with
        {
            Warnings = errors.Warnings is []
                ? null
                : [.. errors.Warnings.Select(warning => new PlanWarning(warning.Code, warning.Words))],
        };
        return outcome == PlanOutcome.Registered
            ? TypedResults.Created($"/plans/{Uri.EscapeDataString(own)}", view)
            : TypedResults.Ok(view);
    }
}
