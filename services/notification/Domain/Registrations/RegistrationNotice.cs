namespace Safeguarding.Notification.Domain.Registrations;

/// <summary>
/// What one council was notified of about a child that another has on its register too: one row for each pair of plans
/// and council.
/// </summary>
internal sealed class RegistrationNotice
{
    public required Guid Id { get; init; }

    /// <summary>The two plans; the other council's row has the same.</summary>
    public required Guid PairId { get; init; }

    public required string CouncilCode { get; init; }
    public required Guid PlanId { get; init; }

    /// <summary>The council's own reference of its plan.</summary>
    public required string Reference { get; init; }

    /// <summary>Whether this council registered the child, and the other had it before.</summary>
    public required bool IsRegistrant { get; init; }

    public required string OtherCouncilCode { get; init; }
    public required Guid OtherPlanId { get; init; }

    /// <summary>The other council's reference, to notify it later of what it may not know now; never shown.</summary>
    public required string OtherReference { get; init; }

    /// <summary>Whether this council may see which the other is.</summary>
    public required bool OtherIsNamed { get; set; }

    public required DateTimeOffset RegisteredAt { get; init; }
    public required DateTimeOffset NotifiedAt { get; init; }

    /// <summary>When this council said that it cannot explain the registration, and why, sealed.</summary>
    public DateTimeOffset? ChallengedAt { get; set; }
    public string? ChallengeReason { get; set; }

    /// <summary>
    /// When this council agreed that the other is shown where the child is, which this council has restricted.
    /// </summary>
    public DateTimeOffset? PlaceAgreedAt { get; set; }

    /// <summary>The other council's row, with this one named.</summary>
    public RegistrationNotice ForOther(DateTimeOffset now) =>
        new()
        {
            Id = Guid.CreateVersion7(now),
            PairId = PairId,
            CouncilCode = OtherCouncilCode,
            PlanId = OtherPlanId,
            Reference = OtherReference,
            IsRegistrant = !IsRegistrant,
            OtherCouncilCode = CouncilCode,
            OtherPlanId = PlanId,
            OtherReference = Reference,
            OtherIsNamed = true,
            RegisteredAt = RegisteredAt,
            NotifiedAt = now,
        };
}
