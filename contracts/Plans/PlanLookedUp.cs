namespace Safeguarding.Contracts.Plans;

/// <summary>
/// A person looked up a child in unscheduled care, and the council has a running plan for the child. One event for each
/// look-up and council. A look-up in scheduled care, or by the council itself, sends none. Sent by plan-registry;
/// notification listens.
/// </summary>
/// <remarks>
/// Source: CP-IS, whose access to service notification tells the council of each look-up from an unscheduled setting.
/// </remarks>
/// <param name="LookupId">The look-up; read it at plan-registry's <c>GET /lookups/{id}</c>.</param>
/// <param name="CouncilCode">GSS code of the council whose plans these are.</param>
/// <param name="PlanIds">The council's plans that were found.</param>
/// <param name="At">When; of a restricted child only the day, as its first moment in UTC.</param>
/// <param name="Organisation">
/// ODS, GSS or force code of the organisation for which the person looked; null of a restricted child, because it
/// says where the child is.
/// </param>
/// <param name="Role">The person's role there; null of a restricted child.</param>
[Event("plan-registry", "notification")]
public sealed record PlanLookedUp(
    Guid LookupId,
    string CouncilCode,
    IReadOnlyList<Guid> PlanIds,
    DateTimeOffset At,
    string? Organisation,
    string? Role
);
