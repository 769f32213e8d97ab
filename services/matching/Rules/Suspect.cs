using Safeguarding.Matching.Rules.Comparisons;

namespace Safeguarding.Matching.Rules;

/// <summary>A person that might be the patient, on the way to a decision.</summary>
/// <param name="rank">Breaks ties, so that the order in which candidates came never matters.</param>
/// <param name="seen">The comparison with the nearest of the person's rows.</param>
/// <param name="bits">Its sum against a stranger.</param>
/// <param name="housemateBits">The same, had the patient been somebody else of this person's home.</param>
/// <param name="newborn">True where the patient was compared as the newborn of this mother.</param>
internal sealed class Suspect(Guid rank, IReadOnlyList<Observation> seen, double bits, double housemateBits, bool newborn)
{
    public Guid Rank { get; } = rank;
    public IReadOnlyList<Observation> Seen { get; } = seen;
    public double Bits { get; } = bits;
    public double HousemateBits { get; } = housemateBits;
    public bool Newborn { get; } = newborn;

    /// <summary>Which of the suspects' homes; null where nobody else of it is a suspect.</summary>
    public int? Home { get; set; }

    /// <summary>Weight of everything but "the patient is this person".</summary>
    public double Against { get; set; }

    public double Posterior { get; set; }
    public double? LeadBits { get; set; }
    public IReadOnlyList<ReviewReason> Reasons { get; set; } = [];
    public Standing Standing { get; set; }

    /// <summary>One order, whoever asks: sums of fractions depend on it.</summary>
    public static int NearestFirst(Suspect left, Suspect right) =>
        left.Bits != right.Bits ? right.Bits.CompareTo(left.Bits)
            : left.Rank != right.Rank ? left.Rank.CompareTo(right.Rank) : left.Newborn.CompareTo(right.Newborn);
}

/// <summary>Which of the three outcomes.</summary>
internal enum Standing
{
    Matched,
    NeedsReview,
    NoMatch
}

/// <summary>Candidates that no answer could name; their weight still counts.</summary>
/// <param name="Same">Together, the weight of "the patient is one of them".</param>
/// <param name="Housemate">Together, the weight of "the patient lives with one of them".</param>
internal sealed record RestOfCandidates(double Same, double Housemate)
{
    public static RestOfCandidates Of(List<CandidateRow> unnamed, Parameters parameters)
    {
        double same = 0, housemate = 0;
        foreach (var row in unnamed)
        {
            same += Judge.Same(row.Suspect, parameters.Register);
            housemate += Judge.Home(row.Suspect, parameters.Register);
        }

        return new(same, housemate);
    }
}
