using Safeguarding.Contracts.Encounters;
using Safeguarding.Hosting.Privacy;
using Safeguarding.Matching.Rules;
using Safeguarding.Matching.Storage;

namespace Safeguarding.Matching.Encounters;

/// <summary>An encounter's patient, opened: in memory only, for as long as one batch takes.</summary>
/// <param name="Person">Made ready for comparison.</param>
/// <param name="Keys">MACs of the block keys by which plans are looked for, and under which late plans find the encounter.</param>
internal sealed record Patient(Person Person, long[] Keys)
{
    public static Patient? Of(Encounter encounter, Sealer sealer, BlockMacs macs)
    {
        if (encounter.Patient is null)
            return null;
        var person = Person.From(sealer.Open(encounter.Patient), sealer.Open(encounter.Place).Setting);
        return new(person, macs.ForSearching(person));
    }

    public override string ToString() => nameof(Patient);
}
