using Safeguarding.Contracts.Matches;

namespace Safeguarding.Matching.Rules;

/// <summary>What other parameters would have decided differently. Nobody is told anything of it: the live decision stands.</summary>
public static class Shadow
{
    /// <summary>The plans whose outcome is another one, likeliest first.</summary>
    public static IReadOnlyList<ShadowDifference> Between(Decision live, Decision other)
    {
        var ours = ByPlan(live);
        var theirs = ByPlan(other);
        return [.. ours.Keys.Union(theirs.Keys)
            .Select(plan => new ShadowDifference(plan.PlanId, plan.CouncilCode, plan.Role, Of(ours, plan), Of(theirs, plan)))
            .Where(difference => difference.Live.Outcome != difference.Shadow.Outcome)
            .OrderByDescending(difference => Math.Max(difference.Live.Posterior, difference.Shadow.Posterior)).ThenBy(difference => difference.PlanId)];
    }

    private static Dictionary<PlanOfPerson, ShadowOutcome> ByPlan(Decision decision) =>
        decision.Persons.SelectMany(person => person.Plans.Select(plan => (plan, person.Outcome)))
            .ToDictionary(pair => pair.plan, pair => new ShadowOutcome(NameOf(pair.Outcome), pair.Outcome.Evidence.Posterior));

    // A plan that was not even named is no match.
    private static ShadowOutcome Of(Dictionary<PlanOfPerson, ShadowOutcome> outcomes, PlanOfPerson plan) =>
        outcomes.GetValueOrDefault(plan) ?? new("noMatch", 0);

    private static string NameOf(MatchOutcome outcome) => outcome switch
    {
        MatchOutcome.Matched => "matched",
        MatchOutcome.NeedsReview => "needsReview",
        _ => "noMatch",
    };
}

/// <summary>A plan about which two versions of the parameters decide differently.</summary>
/// <param name="PlanId">The plan.</param>
/// <param name="CouncilCode">Whose it is.</param>
/// <param name="Role">What the patient would be to it.</param>
/// <param name="Live">What was decided.</param>
/// <param name="Shadow">What would have been.</param>
public sealed record ShadowDifference(Guid PlanId, string CouncilCode, MatchRole Role, ShadowOutcome Live, ShadowOutcome Shadow);

/// <summary>An outcome with its probability.</summary>
public sealed record ShadowOutcome(string Outcome, double Posterior);
