using System.Text.Json.Serialization;
using Safeguarding.Contracts.Persons;

namespace Safeguarding.Contracts.Plans;

/// <summary>
/// The NHS number on a plan was superseded by another, in a merge of demographic records. The plan is found under both;
/// its council should send the new number. Or it was not after all, and the plan is found under its own number again.
/// One event per plan. Sent by matching; plan-registry listens.
/// </summary>
/// <remarks>
/// Source of the change: NHS England's Multicast Notification Service, events of type <c>nhs-number-change</c>.
/// </remarks>
/// <param name="ChangeId">The hub's id of the change.</param>
/// <param name="PlanId">The plan.</param>
/// <param name="CouncilCode">GSS code (Office for National Statistics) of its council.</param>
/// <param name="ChangedAt">When the number was superseded.</param>
/// <param name="Superseded">The number that is no longer used: who has since put another on the plan has nothing to
/// do.</param>
/// <param name="Version">Grows with every event of the change; a listener ignores what is not above the one it
/// holds.</param>
/// <param name="Undone">The number is the one to use after all: the change was taken back, or is held. Not written
/// where it is not so.</param>
[Event("matching", "plan-registry")]
public sealed record NumberChanged(
    Guid ChangeId,
    Guid PlanId,
    string CouncilCode,
    DateTimeOffset ChangedAt,
    Sealed<PersonIdentifier> Superseded,
    long Version = 1,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Undone = false
);
