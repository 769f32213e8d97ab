using Safeguarding.Contracts;
using Safeguarding.Contracts.Encounters;
using Safeguarding.Contracts.Matches;

namespace Safeguarding.Notification.Domain.Alerts;

/// <summary>One encounter in an alert, as it was matched last.</summary>
internal sealed record Attendance
{
    public required Guid EncounterId { get; init; }
    public required IReadOnlyList<MatchedPlan> Plans { get; init; }
    public required double Certainty { get; init; }
    public required string RuleVersion { get; init; }
    public required bool Late { get; init; }
    public required EncounterStatus Status { get; init; }
    public DateTimeOffset? StartedAt { get; init; }
    public DateTimeOffset? EndedAt { get; init; }
    public required DateTimeOffset ReceivedAt { get; init; }
    public required IReadOnlyList<string> Concerns { get; init; }
    public IReadOnlyList<string>? Why { get; init; }
    public MatchDecider? DecidedBy { get; init; }

    /// <summary>Where, as it came sealed.</summary>
    public string? PlaceKeyId { get; init; }
    public byte[]? PlaceValue { get; init; }

    /// <summary>When it began, or when the hub received it.</summary>
    public DateTimeOffset When => StartedAt ?? ReceivedAt;

    public Sealed<Place>? SealedPlace() =>
        PlaceKeyId is null || PlaceValue is null ? null : new Sealed<Place>(PlaceKeyId, PlaceValue);

    /// <param name="match">As it came.</param>
    /// <param name="before">As it was sent last, where it was: its reasons hold until others are given.</param>
    public static Attendance Of(EncounterMatched match, Attendance? before = null) =>
        new()
        {
            EncounterId = match.EncounterId,
            Plans = match.Plans,
            Certainty = match.Certainty,
            RuleVersion = match.RuleVersion,
            Late = match.Late,
            Status = match.Status,
            StartedAt = match.StartedAt.AsStored(),
            EndedAt = match.EndedAt.AsStored(),
            ReceivedAt = match.ReceivedAt.AsStored(),
            Concerns = match.Concerns,
            Why = match.Why ?? before?.Why,
            DecidedBy = match.DecidedBy ?? before?.DecidedBy,
            PlaceKeyId = match.Place.KeyId,
            PlaceValue = match.Place.Value,
        };
}
