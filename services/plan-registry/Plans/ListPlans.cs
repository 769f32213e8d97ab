using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Safeguarding.Contracts.Plans;
using Safeguarding.Hosting;
using Safeguarding.Hosting.Access;
using Safeguarding.PlanRegistry.Domain.Plans;
using Safeguarding.PlanRegistry.Storage;

namespace Safeguarding.PlanRegistry.Plans;

/// <summary>A plan in a list: nothing of whom it is about.</summary>
/// <param name="Reference">The council's own reference; read the plan by it.</param>
/// <param name="PlanId">The hub's id.</param>
/// <param name="Version">Grows with each change.</param>
/// <param name="Status">running or ended.</param>
/// <param name="Kind">child-protection, looked-after or unborn.</param>
/// <param name="StartDate">First day on the register.</param>
/// <param name="EndDate">Last day; absent of a running plan.</param>
/// <param name="ExpectedDate">Of an unborn child: when the birth is expected.</param>
/// <param name="Restricted">Whether the council has restricted it.</param>
/// <param name="ChangedAt">When it was changed last.</param>
internal sealed record PlanListed(
    string Reference,
    Guid PlanId,
    long Version,
    string Status,
    string Kind,
    DateOnly StartDate,
    DateOnly? EndDate,
    DateOnly? ExpectedDate,
    bool Restricted,
    DateTimeOffset ChangedAt
);

/// <param name="Plans">By reference.</param>
/// <param name="Next">To give as <c>after</c> for the next page; absent on the last.</param>
internal sealed record PlansPage(IReadOnlyList<PlanListed> Plans, string? Next);

/// <summary>The council's plans, running or ended within 12 months, all or those of one kind or status.</summary>
internal static class ListPlans
{
    private const int MostAtOnce = 500;

    public static async Task<Results<Ok<PlansPage>, ProblemHttpResult>> Handle(
        Caller caller,
        PlanRegistryDb db,
        TimeProvider clock,
        CancellationToken cancellationToken,
        string? kind = null,
        string? status = null,
        bool? restricted = null,
        string? after = null,
        int limit = 100
    )
    {
        if (limit is < 1 or > MostAtOnce)
            return Wrong("limit-out-of-range", "limit", "must be 1 to 500");
        var kinds = Enum.GetValues<PlanKind>().Where(known => kind is null || PlanView.Word(known) == kind).ToArray();
        if (kinds is [])
            return Wrong("kind-invalid", "kind", "must be child-protection, looked-after or unborn");
        if (status is not (null or "running" or "ended"))
            return Wrong("status-invalid", "status", "must be running or ended");

        var earliest = Plan.EarliestShownEnd(clock.Today());
        var plans = await db
            .Plans.AsNoTracking()
            .Where(plan =>
                plan.CouncilCode == caller.Organisation
                && plan.DeletedAt == null
                && (plan.EndDate == null || plan.EndDate >= earliest)
                && (status == null || plan.EndDate == null == (status == "running"))
                && kinds.Contains(plan.Kind)
                && (restricted == null || plan.Restricted == restricted)
                // PostgreSQL compares, as it orders.
#pragma warning disable CA1309
                && (after == null || string.Compare(plan.Reference, after) > 0)
#pragma warning restore CA1309
            )
            .OrderBy(plan => plan.Reference)
            .Take(limit + 1)
            .Select(plan => new PlanListed(
                plan.Reference,
                plan.Id,
                plan.Version,
                plan.EndDate == null ? "running" : "ended",
                PlanView.Word(plan.Kind),
                plan.StartDate,
                plan.EndDate,
                plan.ExpectedDate,
                plan.Restricted,
                plan.ChangedAt
            ))
            .ToListAsync(cancellationToken);
        return TypedResults.Ok(
            new PlansPage([.. plans.Take(limit)], plans.Count > limit ? plans[limit - 1].Reference : null)
        );
    }

    private static ProblemHttpResult Wrong(string code, string field, string message) =>
        Refusal.Problem(StatusCodes.Status400BadRequest, code, $"{field} {message}.", new FieldError(field, message));
}
