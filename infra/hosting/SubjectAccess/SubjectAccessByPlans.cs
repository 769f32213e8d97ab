using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Safeguarding.Contracts.Matches;
using Safeguarding.Hosting.Access;

namespace Safeguarding.Hosting.SubjectAccess;

/// <summary>
/// The body at services that know no person by number: whom it is about is said by the plans that plan-registry
/// answered with.
/// </summary>
/// <param name="Plans">As plan-registry's answer has them.</param>
/// <param name="Releases">What is to be shown of what an answer without them withholds.</param>
public sealed record SubjectAccessByPlans(IReadOnlyList<SubjectPlan>? Plans, IReadOnlyList<SubjectRelease>? Releases)
{
    private const int MostPlans = 50;

    /// <summary>What the person is to each plan, by the plan's id.</summary>
    /// <param name="roles">Empty where the plans are refused.</param>
    /// <returns>Null where the plans can be used.</returns>
    public ProblemHttpResult? Read(out IReadOnlyDictionary<Guid, MatchRole> roles)
    {
        var read = new Dictionary<Guid, MatchRole>();
        var errors = new List<FieldError>();
        if (Plans is not { Count: >= 1 and <= MostPlans })
            errors.Add(new("plans", $"1 to {MostPlans}, as plan-registry's answer has them"));
        foreach (var (i, plan) in (Plans ?? []).Take(MostPlans).Index())
        {
            if (plan is not { Role: { } role })
                errors.Add(new($"plans[{i}].role", "must be child or motherOfUnborn"));
            else if (plan.Id == Guid.Empty || !read.TryAdd(plan.Id, role))
                errors.Add(new($"plans[{i}].id", "must be a plan's id, each once"));
        }

        roles = errors is [] ? read : new Dictionary<Guid, MatchRole>();
        return errors is []
            ? null
            : Refusal.Problem(
                StatusCodes.Status400BadRequest,
                "plans-unusable",
                "Name the person's plans as plan-registry's answer has them.",
                [.. errors]
            );
    }

    /// <summary>Never the content.</summary>
    public override string ToString() => nameof(SubjectAccessByPlans);
}
