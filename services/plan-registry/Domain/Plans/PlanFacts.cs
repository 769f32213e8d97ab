using Safeguarding.Contracts.Persons;
using Safeguarding.Contracts.Plans;

namespace Safeguarding.PlanRegistry.Domain.Plans;

/// <summary>A plan that has been judged and may be kept.</summary>
internal sealed record PlanFacts(
    PlanKind Kind,
    DateOnly StartDate,
    DateOnly? EndDate,
    DateOnly? ExpectedDate,
    PersonTraits Subject,
    bool? Restricted = null
)
{
    /// <summary>Never the content.</summary>
    public override string ToString() => nameof(PlanFacts);
}
