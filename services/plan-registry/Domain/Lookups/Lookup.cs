namespace Safeguarding.PlanRegistry.Domain.Lookups;

/// <summary>
/// A look-up in unscheduled care that found a plan: the history that clinicians and councils see. A look-up in
/// scheduled care, and one that found nothing, is in the audit only.
/// </summary>
internal sealed class Lookup
{
    public required Guid Id { get; init; }
    public required DateTimeOffset At { get; init; }

    /// <summary>Whose history it belongs to.</summary>
    public required byte[] NhsNumberMac { get; init; }

    public required string Organisation { get; init; }
    public required string Role { get; init; }

    /// <summary>The person, by the provider's subject; shown to nobody.</summary>
    public required string Viewer { get; init; }

    /// <summary>False where the same viewer has one of the same child that counts within the 24 hours before.</summary>
    public required bool Counts { get; init; }

    /// <summary>The plans that were found, of all councils.</summary>
    public required Guid[] PlanIds { get; init; }

    /// <summary>The councils whose running plans were found: those that are notified of it.</summary>
    public required string[] Councils { get; init; }
}
