using Safeguarding.Contracts.Matches;
using Safeguarding.Contracts.Plans;

namespace Safeguarding.Matching.Rules.Model;

/// <summary>A plan found by a block key, with the person it hangs on.</summary>
/// <param name="PlanId">The hub's id of the plan.</param>
/// <param name="CouncilCode">The responsible council; empty of a row of a file that is no council's.</param>
/// <param name="Role">What <paramref name="Person"/> is to the plan: its child, or the mother of its unborn
/// child.</param>
/// <param name="Person">The person on the plan.</param>
/// <param name="ExpectedDate">Expected date of delivery of an unborn plan.</param>
public sealed record Candidate(
    Guid PlanId,
    string CouncilCode,
    MatchRole Role,
    Person Person,
    DateOnly? ExpectedDate = null
)
{
    /// <summary>Which register it is on; null where that is not known.</summary>
    public PlanKind? Kind { get; init; }

    /// <summary>The names on the register that the plan is of; null where none of them is borne by many.</summary>
    public RegisterNames? RegisterNames { get; init; }

    /// <summary>Never the content.</summary>
    public override string ToString() => $"Candidate {PlanId}";
}
