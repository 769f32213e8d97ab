using System.Diagnostics;
using Safeguarding.Contracts;
using Safeguarding.Contracts.Persons;
using Safeguarding.Contracts.Plans;

namespace Safeguarding.Matching.Domain.Plans;

/// <summary>
/// What one or more events say of a plan. Facts, end and deletion each have their own version, because they come in
/// any order: an end must not hide the correction before it, nor a correction the end after it.
/// </summary>
internal sealed record PlanUpdate(Guid PlanId, string CouncilCode, ActivityContext Trace)
{
    public long FactsVersion { get; init; }

    public PlanFacts? Facts { get; init; }

    public long EndVersion { get; init; }

    public DateOnly? EndDate { get; init; }

    public long DeletedVersion { get; init; }

    public bool Deleted { get; init; }

    public static PlanUpdate Whole(
        Guid planId,
        long version,
        string councilCode,
        DateOnly? endDate,
        PlanFacts facts,
        ActivityContext trace
    ) =>
        new(planId, councilCode, trace)
        {
            FactsVersion = version,
            Facts = facts,
            EndVersion = version,
            EndDate = endDate,
            DeletedVersion = version,
            Deleted = false,
        };

    /// <summary>The news of both, whichever came first.</summary>
    public PlanUpdate With(PlanUpdate other)
    {
        var facts = other.FactsVersion > FactsVersion ? other : this;
        var end = other.EndVersion > EndVersion ? other : this;
        var deletion = other.DeletedVersion > DeletedVersion ? other : this;
        return this with
        {
            FactsVersion = facts.FactsVersion,
            Facts = facts.Facts,
            EndVersion = end.EndVersion,
            EndDate = end.EndDate,
            DeletedVersion = deletion.DeletedVersion,
            Deleted = deletion.Deleted,
        };
    }
}

/// <summary>A plan's facts and its subject.</summary>
/// <param name="Reference">The council's own reference.</param>
/// <param name="Kind">Which register.</param>
/// <param name="StartDate">First day.</param>
/// <param name="ExpectedDate">Expected date of delivery of an unborn plan.</param>
/// <param name="KnownSince">When the hub received it.</param>
/// <param name="Restricted">Its council has restricted it.</param>
/// <param name="Subject">The child, or the mother of an unborn child.</param>
internal sealed record PlanFacts(
    string Reference,
    PlanKind Kind,
    DateOnly StartDate,
    DateOnly? ExpectedDate,
    DateTimeOffset KnownSince,
    bool Restricted,
    Sealed<PersonTraits> Subject
);
