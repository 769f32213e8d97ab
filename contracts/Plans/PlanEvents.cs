using System.Text.Json.Serialization;
using Safeguarding.Contracts.Persons;

namespace Safeguarding.Contracts.Plans;

/// <summary>
/// A council has put a child (or, for an unborn plan, its mother) on its register.
/// Sent by plan-registry; matching listens.
/// </summary>
/// <param name="PlanId">The hub's id of the plan, for ever.</param>
/// <param name="Version">Grows with every change of the plan; a listener ignores what is not above the one it
/// holds.</param>
/// <param name="CouncilCode">GSS code (Office for National Statistics) of the responsible council, such as
/// <c>E09000012</c>.</param>
/// <param name="Reference">The council's own reference of the plan, unique in that council.</param>
/// <param name="Kind">Which register, as in CP-IS; <see cref="PlanKindCodes"/> has the SNOMED CT code.</param>
/// <param name="StartDate">First day on the register.</param>
/// <param name="EndDate">Last day on the register, or null while it runs.</param>
/// <param name="ExpectedDate">Expected date of delivery of an unborn plan; null otherwise.</param>
/// <param name="Subject">The child; for an unborn plan the mother.</param>
/// <param name="Restricted">The council has restricted the plan: no change of a number is followed to it but by a
/// cleared reviewer. Not written where it is not so.</param>
[Event("plan-registry", "matching")]
public sealed record PlanRegistered(
    Guid PlanId,
    long Version,
    string CouncilCode,
    string Reference,
    PlanKind Kind,
    DateOnly StartDate,
    DateOnly? EndDate,
    DateOnly? ExpectedDate,
    Sealed<PersonTraits> Subject,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Restricted = false
);

/// <summary>
/// A plan's facts or its subject's traits were corrected, or an ended plan runs again. Carries the whole plan as it now
/// is. Sent by plan-registry; matching listens.
/// </summary>
/// <inheritdoc cref="PlanRegistered" path="/param"/>
[Event("plan-registry", "matching")]
public sealed record PlanAmended(
    Guid PlanId,
    long Version,
    string CouncilCode,
    string Reference,
    PlanKind Kind,
    DateOnly StartDate,
    DateOnly? EndDate,
    DateOnly? ExpectedDate,
    Sealed<PersonTraits> Subject,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Restricted = false
);

/// <summary>
/// A plan came to its end. It stays visible in look-ups for 12 months and raises nothing for an encounter after its
/// end. Sent by plan-registry; matching listens.
/// </summary>
/// <param name="PlanId">The plan.</param>
/// <param name="Version">Its new version.</param>
/// <param name="CouncilCode">GSS code of the council.</param>
/// <param name="EndDate">Last day on the register.</param>
[Event("plan-registry", "matching")]
public sealed record PlanEnded(Guid PlanId, long Version, string CouncilCode, DateOnly EndDate);

/// <summary>
/// A plan was never right: it is taken out and the alerts raised from it are recalled.
/// Sent by plan-registry; matching listens.
/// </summary>
/// <param name="PlanId">The plan.</param>
/// <param name="Version">Its new version.</param>
/// <param name="CouncilCode">GSS code of the council.</param>
[Event("plan-registry", "matching")]
public sealed record PlanDeleted(Guid PlanId, long Version, string CouncilCode);
