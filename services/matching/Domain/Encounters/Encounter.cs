using System.Diagnostics;
using Safeguarding.Contracts;
using Safeguarding.Contracts.Encounters;
using Safeguarding.Contracts.Persons;
using Safeguarding.Hosting;
using Safeguarding.Hosting.Privacy;
using Safeguarding.Matching.Domain.Keys;
using Safeguarding.Matching.Rules.Lookup;
using Safeguarding.Matching.Rules.Model;

namespace Safeguarding.Matching.Domain.Encounters;

/// <summary>An encounter in the newest version received.</summary>
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

/// <summary>An encounter's patient, opened: in memory only, for as long as one batch takes.</summary>
/// <param name="Person">Made ready for comparison.</param>
/// <param name="Keys">MACs of the block keys by which plans are looked for; a late plan finds the encounter by these
/// same keys.</param>
/// <param name="Signatures">MACs of how the patient is written down, under the current key first; empty where that is
/// too little to know one again.</param>
/// <param name="Names">MACs of the names, by which is counted how common they are.</param>
internal sealed record Patient(Person Person, KeyMacs Keys, long[] Signatures, PatientNames Names)
{
    /// <summary>Under the current key.</summary>
    public long? Signature => Signatures is [var current, ..] ? current : null;

    public static Patient? Of(Encounter encounter, Sealer sealer, BlockMacs macs) =>
        PersonOf(encounter, sealer) is { } person ? Of(person, macs) : null;

    public static Patient Of(Person person, BlockMacs macs)
    {
        var signatures = macs.OfPatient(person);
        return new(person, macs.ForSearching(person), signatures, macs.OfNames(person, signatures));
    }

    /// <summary>The patient without the keys; null once the retention window is over.</summary>
    public static Person? PersonOf(Encounter encounter, Sealer sealer) =>
        encounter.Patient is null
            ? null
            : Person.From(sealer.Open(encounter.Patient), sealer.Open(encounter.Place).Setting) with
            {
                SeenOn = encounter.Day,
            };

    public override string ToString() => nameof(Patient);
}

/// <summary>An encounter to be decided.</summary>
/// <param name="Encounter">Locked until the commit.</param>
/// <param name="Patient">Null where the retention window is over: then plans can only drop out of what was
/// decided.</param>
/// <param name="Trace">Whose doing it is.</param>
/// <param name="NewVersion">True where the encounter itself has news: then the decision is recorded even if nothing
/// changes.</param>
/// <param name="FirstHeardOf">True where the encounter was not held before: then nothing was decided of it yet.</param>
/// <param name="Because">Why it is decided again, for the ledger; null where the encounter or a plan has news.</param>
/// <param name="Undone">True where a reviewer took a decision back on which its match may rest.</param>
internal sealed record Question(
    Encounter Encounter,
    Patient? Patient,
    ActivityContext Trace,
    bool NewVersion,
    bool FirstHeardOf = false,
    string? Because = null,
    bool Undone = false
);
