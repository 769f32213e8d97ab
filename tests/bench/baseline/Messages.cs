namespace Safeguarding.Bench.Baseline;

/// <summary>From intake to match.</summary>
public sealed record EncounterTaken(
    Guid EncounterId,
    string? NhsNumber,
    string? FamilyName,
    string? GivenName,
    string? BirthDate,
    DateTimeOffset ReceivedAt
);

/// <summary>From match to notify.</summary>
public sealed record PlanFound(Guid EncounterId, string Reference, string Council, DateTimeOffset ReceivedAt)
{
    public static PlanFound Of(EncounterTaken taken, Plan plan) =>
        new(taken.EncounterId, plan.Reference, plan.Council, taken.ReceivedAt);
}
