using Safeguarding.Hosting.Privacy;
using Safeguarding.Matching.Domain.Keys;
using Safeguarding.Matching.Rules;
using Safeguarding.Matching.Rules.Lookup;

namespace Safeguarding.Matching.Domain.Encounters;

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
