using Safeguarding.Contracts.Matches;

namespace Safeguarding.Matching.Domain.Reviews;

/// <summary>What a person decided of an encounter and a plan.</summary>
/// <param name="EncounterId">The encounter.</param>
/// <param name="PlanId">The plan.</param>
/// <param name="CouncilCode">Whose plan it is.</param>
/// <param name="Decided">What was decided.</param>
/// <param name="Role">What the patient is to the plan, where it is the same child.</param>
/// <param name="Patient">MAC of how the patient was written down, or null where that was too little to know the patient
/// again.</param>
internal sealed record Verdict(
    Guid EncounterId,
    Guid PlanId,
    string CouncilCode,
    ReviewVerdict Decided,
    MatchRole Role,
    long? Patient
);

/// <summary>What a reviewer can decide.</summary>
internal enum ReviewVerdict
{
    /// <summary>The patient is this plan's child (or the mother of its unborn child).</summary>
    SameChild,

    /// <summary>The patient is somebody else.</summary>
    NotThisChild,

    /// <summary>What is there does not suffice to say.</summary>
    CannotTell,

    /// <summary>A decision was undone; not to be decided, only recorded.</summary>
    Undone,
}
