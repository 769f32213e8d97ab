namespace Safeguarding.Contracts.Plans;

/// <summary>
/// A council has put a child on its register whom another council has on a plan that is not over. One event for each
/// pair of plans, however often either is amended. Sent by matching; notification listens.
/// </summary>
/// <remarks>
/// By matching's rules, as strictly as for an alert; what would be a question for a person is not told. Where the
/// subject of a plan is a mother, she is the person registered.
/// </remarks>
/// <param name="PairId">The hub's id of the pair of plans.</param>
/// <param name="Registered">The plan whose facts the hub was told of last.</param>
/// <param name="Held">The plan that was there before.</param>
/// <param name="RegisteredAt">When the hub was told of the facts of <paramref name="Registered"/>.</param>
/// <param name="TellHolder">What the council of <paramref name="Held"/> is told.</param>
/// <param name="TellRegistrant">What the council of <paramref name="Registered"/> is told.</param>
[Event("matching", "notification")]
public sealed record ChildRegisteredAgain(
    Guid PairId,
    PlanOfPair Registered,
    PlanOfPair Held,
    DateTimeOffset RegisteredAt,
    OtherCouncilShown TellHolder,
    OtherCouncilShown TellRegistrant
);

/// <summary>One of two plans of the same child.</summary>
/// <param name="PlanId">The hub's id of the plan.</param>
/// <param name="CouncilCode">GSS code (Office for National Statistics) of its council.</param>
/// <param name="Reference">That council's own reference of the plan; for that council alone.</param>
public sealed record PlanOfPair(Guid PlanId, string CouncilCode, string Reference);

/// <summary>What a council is told of another council that has the same child on a plan.</summary>
public enum OtherCouncilShown
{
    /// <summary>Nothing: that somebody holds the child would tell where a restricted child is protected.</summary>
    Nothing,

    /// <summary>That another council registered the child, and when; not which.</summary>
    Unnamed,

    /// <summary>Which council, and when.</summary>
    Named,
}
