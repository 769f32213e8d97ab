namespace Safeguarding.Matching.Rules.Model;

/// <summary>
/// Why a person on the register was or was not taken for the patient. Levels and figures only, no trait of
/// anybody.
/// </summary>
/// <param name="Traits">What each trait said, in the order in which it was added.</param>
/// <param name="PriorBits">Where the sum starts: the odds, in bits, that the patient is this one of all on the
/// register.</param>
/// <param name="Bits">All traits together.</param>
/// <param name="HousemateBits">The same traits, had the patient been somebody else of this person's home.</param>
/// <param name="Posterior">Probability that the patient is this person, among all candidates and "not on the
/// register".</param>
/// <param name="LeadBits">Lead over the next person; null where there is no other.</param>
/// <param name="Rivals">The others that come nearest.</param>
/// <param name="Newborn">True where the patient was compared as the newborn of a mother with an unborn plan.</param>
/// <param name="Against">Weight of everything else (other persons, their homes, a stranger) beside which the bits
/// stand.</param>
public sealed record Evidence(
    IReadOnlyList<TraitEvidence> Traits,
    double PriorBits,
    double Bits,
    double HousemateBits,
    double Posterior,
    double? LeadBits,
    IReadOnlyList<Rival> Rivals,
    bool Newborn,
    double Against
);

/// <summary>What one trait said.</summary>
/// <param name="Trait">Which.</param>
/// <param name="Relation">Agreement, closeness, or difference in plain words.</param>
/// <param name="Level">The level in the parameters.</param>
/// <param name="M">How often one person's two records are on this level.</param>
/// <param name="U">How often strangers' are.</param>
/// <param name="Housemate">How often two people of one home are.</param>
/// <param name="Frequency">The population's share of the value, where <paramref name="U"/> follows from it.</param>
/// <param name="Bits">log2(m/u).</param>
/// <param name="Sum">The prior and all bits up to here.</param>
public sealed record TraitEvidence(
    string Trait,
    Relation Relation,
    string Level,
    double M,
    double U,
    double Housemate,
    double? Frequency,
    double Bits,
    double Sum
);

/// <summary>How two values of a trait stand to one another.</summary>
public enum Relation
{
    /// <summary>The same.</summary>
    Agrees,

    /// <summary>Not the same, but as one person's two records often differ.</summary>
    Close,

    /// <summary>Different.</summary>
    Differs,
}

/// <summary>Another person that might be the patient.</summary>
/// <param name="PlanId">One of that person's plans.</param>
/// <param name="Posterior">Their probability.</param>
public sealed record Rival(Guid PlanId, double Posterior);
