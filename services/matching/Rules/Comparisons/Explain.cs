using Safeguarding.Matching.Rules.Model;

namespace Safeguarding.Matching.Rules.Comparisons;

/// <summary>Lays a comparison out trait by trait, with the running sum.</summary>
internal static class Explain
{
    public static IReadOnlyList<TraitEvidence> Traits(
        IReadOnlyList<Observation> seen,
        Parameters parameters,
        double priorBits
    )
    {
        var traits = new TraitEvidence[seen.Count];
        double bits = 0;
        for (var i = 0; i < traits.Length; i++)
        {
            var observation = seen[i];
            var score = Score.Compute(observation, seen, parameters);
            bits += score.Bits;
            traits[i] = new(
                observation.Trait,
                observation.Relation,
                observation.Level,
                score.M,
                score.U,
                score.Housemate,
                observation.Frequency,
                score.Bits,
                priorBits + bits
            );
        }

        return traits;
    }
}
