namespace Safeguarding.Matching.Rules.Comparisons;

/// <summary>The sum of what the traits of one pair say, in bits against a stranger.</summary>
internal sealed record Weight(IReadOnlyList<TraitEvidence> Traits, double Bits, double HousemateBits)
{
    public static Weight Of(IReadOnlyList<Observation> seen, Parameters parameters, double priorBits)
    {
        var traits = new TraitEvidence[seen.Count];
        double bits = 0, housemate = 0;
        for (var i = 0; i < traits.Length; i++)
        {
            var observation = seen[i];
            var figures = parameters.Traits[observation.Trait][observation.Level];
            var agrees = observation.Relation == Relation.Agrees;
            var u = observation.Frequency ?? figures.U;
            // Agreement never speaks against a person, however common the value.
            u = agrees ? Math.Min(u, figures.M) : u;
            var home = agrees ? Math.Min(figures.Housemate, figures.M) : figures.Housemate;
            var gain = Math.Log2(figures.M / u);
            bits += gain;
            housemate += Math.Log2(home / u);
            traits[i] = new(
                observation.Trait, observation.Relation, observation.Level, figures.M, u, home, observation.Frequency, gain, priorBits + bits);
        }

        return new(traits, bits, housemate);
    }

    public bool Has(string trait, Relation relation)
    {
        foreach (var evidence in Traits)
        {
            if (evidence.Trait == trait && evidence.Relation == relation)
                return true;
        }

        return false;
    }

    public bool Has(string trait)
    {
        foreach (var evidence in Traits)
        {
            if (evidence.Trait == trait)
                return true;
        }

        return false;
    }
}
