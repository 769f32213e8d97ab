using Safeguarding.Matching.Rules.Frequencies;

namespace Safeguarding.Matching.Domain.Keys;

/// <summary>What is counted of a patient's names, as keyed MACs.</summary>
/// <param name="Bearer">Who bears them: one person is counted once. Null where too little is known to know one
/// again; such a patient is not counted.</param>
/// <param name="Names">The names, in memory only.</param>
/// <param name="Macs">For each look-up key of the ring, the current one first, the MACs of these names in
/// order.</param>
internal sealed record PatientNames(long? Bearer, IReadOnlyList<BorneName> Names, IReadOnlyList<long[]> Macs)
{
    /// <summary>What is stored: under the current key, and nothing of who is not counted.</summary>
    public long[] ToCount => Bearer is null ? [] : Macs[0];

    public override string ToString() => nameof(PatientNames);
}
