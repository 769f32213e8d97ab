namespace Safeguarding.Matching.Rules.Comparisons;

/// <summary>Lays a comparison out trait by trait, with the running sum.</summary>
internal static class Explain
{
    public static IReadOnlyList<TraitEvidence> Traits(IReadOnlyList<Observation> seen, Parameters parameters, double priorBits)
    {
        var traits = new TraitEvidence[seen.Count];
        double bits = 0;
        for (var i = 0; i < traits.Length; i++)
        {
            var observation = seen[i];
            var score = Score.Of(observation, seen, parameters);
            var gain = Math.Log2(score.M / score.U);
            bits += gain;
            traits[i] = new(
                observation.Trait, observation.Relation, observation.Level, score.M, score.U, score.Housemate, observation.Frequency, gain, priorBits + bits);
        }

        return traits;
    }
}
