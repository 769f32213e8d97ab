namespace Safeguarding.Contracts.Plans;

/// <summary>
/// An upload of a council's register would change too much of it, so a part of it waits until the council confirms or
/// discards it. There is no time limit: a later full register supersedes it. One event per upload. Sent by
/// plan-registry; notification listens.
/// </summary>
/// <param name="UploadId">The upload; read it at plan-registry's <c>GET /uploads/{id}</c>.</param>
/// <param name="CouncilCode">GSS code of the council whose register it is.</param>
/// <param name="Sequence">The council's own number of the upload.</param>
/// <param name="RunningPlans">Plans that ran before the upload.</param>
/// <param name="PlansEnding">Of them, those that it ends, or leaves out of a full register.</param>
/// <param name="PlansDeleted">Of them, those that it deletes.</param>
/// <param name="PlansChangingIdentity">Of them, those that it gives to somebody else.</param>
/// <param name="WaitingSince">Since when it waits.</param>
[Event("plan-registry", "notification")]
public sealed record PlanUploadAwaitsConfirmation(
    Guid UploadId,
    string CouncilCode,
    long Sequence,
    int RunningPlans,
    int PlansEnding,
    int PlansDeleted,
    int PlansChangingIdentity,
    DateTimeOffset WaitingSince
);
