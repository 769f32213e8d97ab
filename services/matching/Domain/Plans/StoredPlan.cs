using Safeguarding.Contracts.Matches;
using Safeguarding.Contracts.Plans;
using Safeguarding.Matching.Rules.Model;

namespace Safeguarding.Matching.Domain.Plans;

/// <summary>A plan as matching holds it, without its subject.</summary>
/// <param name="Id">The hub's id.</param>
/// <param name="CouncilCode">The responsible council.</param>
/// <param name="Reference">The council's own reference.</param>
/// <param name="Kind">Which register.</param>
/// <param name="StartDate">First day.</param>
/// <param name="EndDate">Last day, or null.</param>
/// <param name="ExpectedDate">Expected date of delivery of an unborn plan.</param>
/// <param name="Deleted">It was never right.</param>
/// <param name="KnownSince">When the hub received the facts stored.</param>
/// <param name="Restricted">Its council has restricted it: where the child is, is not for everybody.</param>
internal sealed record StoredPlan(
    Guid Id,
    string CouncilCode,
    string Reference,
    PlanKind Kind,
    DateOnly StartDate,
    DateOnly? EndDate,
    DateOnly? ExpectedDate,
    bool Deleted,
    DateTimeOffset KnownSince,
    bool Restricted
)
{
    /// <summary>What its subject is to it.</summary>
    public MatchRole Role => RoleOf(Kind);

    /// <summary>
    /// Whether an encounter on this day is the council's business. A plan that starts later was none on that
    /// day.
    /// </summary>
    public bool IsInForceOn(DateOnly day) => !Deleted && StartDate <= day && (EndDate is null || day <= EndDate);

    /// <summary>Whether nobody is on it any more on this day. One that begins later is not over.</summary>
    public bool IsOver(DateOnly day) => Deleted || EndDate < day;

    public static MatchRole RoleOf(PlanKind kind) =>
        kind == PlanKind.Unborn ? MatchRole.MotherOfUnborn : MatchRole.Child;
}

/// <summary>A plan with its subject, opened.</summary>
internal sealed record FoundPlan(StoredPlan Plan, Candidate Candidate)
{
    public override string ToString() => nameof(FoundPlan);
}
