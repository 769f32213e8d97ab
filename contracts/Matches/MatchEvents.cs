using System.Text.Json.Serialization;
using Safeguarding.Contracts.Encounters;
using Safeguarding.Contracts.Plans;

namespace Safeguarding.Contracts.Matches;

/// <summary>
/// An encounter's patient is on plans of one council. One event per (encounter, council); a higher version replaces the
/// one before (other plans, another encounter status). Sent by matching; notification listens.
/// </summary>
/// <param name="EncounterId">The encounter.</param>
/// <param name="CouncilCode">GSS code (Office for National Statistics) of the council the plans belong to.</param>
/// <param name="Version">Grows per (encounter, council), shared with <see cref="MatchWithdrawn"/>.</param>
/// <param name="Plans">The council's plans that matched; never empty.</param>
/// <param name="Certainty">Posterior probability that it is the same person, 0 to 1.</param>
/// <param name="RuleVersion">Version of the rules and parameters that decided.</param>
/// <param name="Late">True where the plan reached the hub after the encounter.</param>
/// <param name="Status">The encounter's status (FHIR R4 <c>Encounter.status</c>).</param>
/// <param name="StartedAt">When the encounter began (FHIR R4 <c>Encounter.period.start</c>), or null.</param>
/// <param name="EndedAt">When it ended, or null.</param>
/// <param name="ReceivedAt">When the hub accepted the encounter.</param>
/// <param name="Place">Where.</param>
/// <param name="Concerns">Safeguarding codes the trust sent with it, as in <see cref="EncounterReceived"/>.</param>
/// <param name="Why">Why it is taken for the same person, in sentences, from the evidence of this council's plans
/// alone: how likely, what each trait says, what a brother or sister would look like. Levels and figures, no trait of
/// anybody. Null from a sender before this field, and where the evidence is no longer there: then what was said before
/// holds.</param>
/// <param name="DecidedBy">Whether the rules or a person of the council decided; null as
/// <paramref name="Why"/>.</param>
[Event("matching", "notification")]
public sealed record EncounterMatched(
    Guid EncounterId,
    string CouncilCode,
    long Version,
    IReadOnlyList<MatchedPlan> Plans,
    double Certainty,
    string RuleVersion,
    bool Late,
    EncounterStatus Status,
    DateTimeOffset? StartedAt,
    DateTimeOffset? EndedAt,
    DateTimeOffset ReceivedAt,
    Sealed<Place> Place,
    IReadOnlyList<string> Concerns,
    IReadOnlyList<string>? Why = null,
    MatchDecider? DecidedBy = null
);

/// <summary>Who decided that a patient is a plan's child.</summary>
public enum MatchDecider
{
    /// <summary>The rules, by themselves.</summary>
    Rules,

    /// <summary>A reviewer of the council.</summary>
    Reviewer,
}

/// <summary>A plan that an encounter's patient was found on.</summary>
/// <param name="PlanId">The hub's id of the plan.</param>
/// <param name="Reference">The council's own reference.</param>
/// <param name="Kind">Which register; <see cref="PlanKindCodes"/> has the SNOMED CT code.</param>
/// <param name="Role">Whether the patient is the child, or the mother of an unborn child (who has no plan
/// herself).</param>
/// <param name="Restriction">Whether where and when may be shown: a council has restricted the child's plan. Absent
/// where nobody has.</param>
/// <param name="WithheldBy">Where <paramref name="Restriction"/> is by another council: GSS code of that council, so
/// that the place is shown once it has agreed. Not for the eyes of the plan's own council. Null from a sender before
/// this field; then nothing is shown.</param>
public sealed record MatchedPlan(
    Guid PlanId,
    string Reference,
    PlanKind Kind,
    MatchRole Role,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
        PlanRestriction Restriction = PlanRestriction.None,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] string? WithheldBy = null
);

/// <summary>
/// Who has restricted a child's plan, so that where the child is must not be seen by everybody who may see the alert.
/// </summary>
public enum PlanRestriction
{
    /// <summary>Nobody.</summary>
    None,

    /// <summary>The plan's own council: its named roles alone may see where.</summary>
    ByCouncil,

    /// <summary>
    /// Another council, whose restricted plan of the same child the hub had first: this council is not shown where.
    /// </summary>
    ByAnotherCouncil,
}

/// <summary>What the patient is to the plan.</summary>
public enum MatchRole
{
    /// <summary>The child the plan is for.</summary>
    Child,

    /// <summary>The mother of the unborn child the plan is for. Nothing is said of her own.</summary>
    MotherOfUnborn,
}

/// <summary>
/// A patient may be the child of one of the council's plans, and a person of the council has to say so. Says that the
/// question was raised, or that it has fallen due with nobody on it; what the question is, is read at matching's <c>GET
/// /reviews</c>. Sent by matching; notification listens.
/// </summary>
/// <param name="ReviewId">The question; the same over every version.</param>
/// <param name="CouncilCode">GSS code of the council that is asked.</param>
/// <param name="Version">The version of the question that this tells of.</param>
/// <param name="RaisedAt">Since when it waits.</param>
/// <param name="DueAt">By when it should be decided.</param>
/// <param name="Overdue">True where it is past that and nobody has claimed it.</param>
/// <param name="Restricted">True where the patient may be a child whom a council has restricted: the times are days.
/// False where an event does not say.</param>
[Event("matching", "notification")]
public sealed record MatchNeedsReview(
    Guid ReviewId,
    string CouncilCode,
    long Version,
    DateTimeOffset RaisedAt,
    DateTimeOffset DueAt,
    bool Overdue,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Restricted = false
);

/// <summary>
/// A match is taken back: the encounter was cancelled or entered in error, the plan deleted, or a person undid the
/// match. Sent by matching; notification listens.
/// </summary>
/// <param name="EncounterId">The encounter.</param>
/// <param name="CouncilCode">The council whose alert it withdraws.</param>
/// <param name="Version">Grows per (encounter, council), shared with <see cref="EncounterMatched"/>.</param>
/// <param name="Reason">Why.</param>
[Event("matching", "notification")]
public sealed record MatchWithdrawn(Guid EncounterId, string CouncilCode, long Version, WithdrawalReason Reason);

/// <summary>Why a match was taken back.</summary>
public enum WithdrawalReason
{
    /// <summary>The encounter was cancelled before it began.</summary>
    EncounterCancelled,

    /// <summary>The encounter was entered in error.</summary>
    EncounterEnteredInError,

    /// <summary>The plan was deleted: it was never right.</summary>
    PlanDeleted,

    /// <summary>Corrected facts no longer match.</summary>
    NoLongerMatches,

    /// <summary>The encounter turned out to be planned care.</summary>
    EncounterScheduled,

    /// <summary>A reviewer undid the match.</summary>
    UndoneByReviewer,
}
