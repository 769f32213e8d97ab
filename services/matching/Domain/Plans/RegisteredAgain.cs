using Safeguarding.Contracts.Plans;

namespace Safeguarding.Matching.Domain.Plans;

/// <summary>Decides what is sent about two plans of one child, of two councils.</summary>
internal static class RegisteredAgain
{
    /// <returns>Null where there is nothing to send: the plan that was there before is over.</returns>
    /// <param name="one">A plan.</param>
    /// <param name="two">A plan of the same child, of another council.</param>
    /// <param name="restrictors">Councils that have restricted a plan of the child which is not over.</param>
    /// <param name="today">The day in England.</param>
    public static ChildRegisteredAgain? Decide(
        StoredPlan one,
        StoredPlan two,
        IReadOnlyCollection<string> restrictors,
        DateOnly today
    )
    {
        var (held, registered) =
            (one.KnownSince, one.Id).CompareTo((two.KnownSince, two.Id)) < 0 ? (one, two) : (two, one);
        if (held.IsOver(today) || registered.Deleted)
            return null;
        return new ChildRegisteredAgain(
            Guid.CreateVersion7(),
            PairOf(registered),
            PairOf(held),
            registered.KnownSince,
            // Who restricted the child first keeps it, and must know who looks for it. Who has not is not told where a
            // child went that its new council hides.
            !held.Restricted && registered.Restricted
                ? OtherCouncilShown.Unnamed
                : OtherCouncilShown.Named,
            // Whoever registers a number to learn who protects that child learns as much as of a number that nobody
            // has.
            restrictors.Any(council => council != registered.CouncilCode)
                ? OtherCouncilShown.Nothing
                : OtherCouncilShown.Named
        );
    }

    private static PlanOfPair PairOf(StoredPlan plan) => new(plan.Id, plan.CouncilCode, plan.Reference);
}
