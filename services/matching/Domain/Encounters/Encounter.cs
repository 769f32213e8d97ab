using Safeguarding.Contracts;
using Safeguarding.Contracts.Encounters;
using Safeguarding.Contracts.Persons;
using Safeguarding.Hosting;
using Safeguarding.Hosting.Privacy;

namespace Safeguarding.Matching.Domain.Encounters;

/// <summary>An encounter in the newest version heard of.</summary>
internal sealed record Encounter
{
    public required Guid Id { get; init; }

    public required long Version { get; init; }

    public required EncounterStatus Status { get; init; }

    public required bool Unscheduled { get; init; }

    public required DateTimeOffset? StartedAt { get; init; }

    public required DateTimeOffset? EndedAt { get; init; }

    public required DateTimeOffset ReceivedAt { get; init; }

    public required IReadOnlyList<string> Concerns { get; init; }

    public required Sealed<Place> Place { get; init; }

    /// <summary>Null once the retention window is over.</summary>
    public required Sealed<PersonTraits>? Patient { get; init; }

    /// <summary>The day, as a council's calendar has it, on which a plan must be in force.</summary>
    public DateOnly Day => UkTime.Day(StartedAt ?? ReceivedAt);

    /// <summary>False for planned care and for what never took place: nothing is raised then.</summary>
    public bool MayRaise => Unscheduled && Status is not (EncounterStatus.Cancelled or EncounterStatus.EnteredInError);

    public static Encounter From(EncounterReceived received, Sealer sealer) =>
        new()
        {
            Id = received.EncounterId,
            Version = received.Version,
            Status = received.Status,
            Unscheduled = received.Unscheduled,
            StartedAt = received.StartedAt?.ToUniversalTime(),
            EndedAt = received.EndedAt?.ToUniversalTime(),
            ReceivedAt = received.ReceivedAt.ToUniversalTime(),
            Concerns = received.Concerns,
            Place = sealer.Keep(received.Place),
            Patient = sealer.Keep(received.Patient),
        };
}
