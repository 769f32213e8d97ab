using Safeguarding.EncounterIngest.Encounters;
using Safeguarding.EncounterIngest.Fhir;

namespace Safeguarding.EncounterIngest.Hl7v2.Mapping;

/// <summary>What a message says of a patient without naming a visit.</summary>
/// <param name="Patient">What is said of them.</param>
/// <param name="LocalNumbers">Their numbers in the trust from now on.</param>
/// <param name="Clock">What puts versions in order; null: the order of arrival.</param>
internal sealed record PersonChange(PatientChange Patient, IReadOnlyList<string> LocalNumbers, DateTimeOffset? Clock)
{
    /// <summary>An encounter of theirs after it: the visit is as it was.</summary>
    public Submission Over(StoredContent stored)
    {
        var particulars = stored.Particulars! with
        {
            LocalNumbers = LocalNumbers.Count > 0 ? LocalNumbers : stored.Particulars.LocalNumbers,
        };
        return new Submission(
            particulars,
            Patient.Over(stored.Patient),
            Clock,
            null,
            [particulars.Identifier],
            HasOfficial: true,
            "PID"
        );
    }

    public override string ToString() => nameof(PersonChange);
}
