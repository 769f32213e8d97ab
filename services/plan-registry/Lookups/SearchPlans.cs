using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Safeguarding.Contracts;
using Safeguarding.Hosting;
using Safeguarding.Hosting.Access;
using Safeguarding.Hosting.Privacy;
using Safeguarding.PlanRegistry.Domain.Plans;
using Safeguarding.PlanRegistry.Plans;
using Safeguarding.PlanRegistry.Storage;

namespace Safeguarding.PlanRegistry.Lookups;

/// <summary>The body of <c>POST /plans/search</c>: a body, because no URL may hold an NHS number.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record PlanSearch(string? NhsNumber);

internal sealed record PlansFound(IReadOnlyList<PlanView> Plans);

/// <summary>
/// A council finds its own plans by the NHS number of the child, or of the mother of an unborn
/// child.
/// </summary>
internal static class SearchPlans
{
    private const int Most = 100;

    public static async Task<Results<Ok<PlansFound>, ProblemHttpResult>> Handle(
        PlanSearch search,
        Caller caller,
        PlanRegistryDb db,
        Sealer sealer,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        if (!NhsNumber.TryParse(search.NhsNumber, out var number))
            return NumberInvalid();

        var macs = sealer.MacsForSearch(SealedFacts.Purpose.NhsNumber, number.Reveal());
        var earliest = Plan.EarliestShownEnd(clock.Today());
        var plans = await db
            .Plans.Where(plan =>
                plan.CouncilCode == caller.Organisation
                && macs.Contains(plan.NhsNumberMac)
                && plan.DeletedAt == null
                && (plan.EndDate == null || plan.EndDate >= earliest)
            )
            .OrderByDescending(plan => plan.StartDate)
            .ThenBy(plan => plan.Reference)
            .Take(Most)
            .ToListAsync(cancellationToken);
        foreach (var plan in plans)
            db.Audit(caller, "plan.read", plan.Id);
        await db.SaveChangesAsync(cancellationToken);
        return TypedResults.Ok(new PlansFound([.. plans.Select(plan => PlanView.Of(plan, sealer))]));
    }

    internal static ProblemHttpResult NumberInvalid()
    {
        const string Words = "This is not a valid NHS number: ten digits, the last of which is a check digit.";
        return Refusal.Problem(
            StatusCodes.Status400BadRequest,
            "nhs-number-invalid",
            Words,
            new FieldError("nhsNumber", Words)
        );
    }
}
