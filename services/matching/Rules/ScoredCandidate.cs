using Safeguarding.Matching.Rules.Comparisons;
using Safeguarding.Matching.Rules.Model;

namespace Safeguarding.Matching.Rules;

/// <summary>A person that might be the patient, on the way to a decision.</summary>
internal sealed class ScoredCandidate
{
    // Below this weight against "nobody" a candidate can neither be decided for nor rob another of anything; it is
    // counted, not named.
    private const double Unlikely = 1e-6;

    /// <param name="rank">Breaks ties, so that the order in which candidates came never matters.</param>
    /// <param name="seen">The comparison with the nearest of the person's rows.</param>
    /// <param name="newborn">True where the patient was compared as the newborn of this mother.</param>
    /// <param name="parameters">The figures.</param>
    public ScoredCandidate(Guid rank, IReadOnlyList<Observation> seen, bool newborn, Parameters parameters)
    {
        (Rank, Seen, Newborn) = (rank, seen, newborn);
        (Bits, HousemateBits) = Score.Sum(seen, parameters);
        var prior = parameters.Register;
        Same = prior.OnRegister / prior.Size * double.Exp2(Bits);
        Housemate = prior.Housemate / prior.Size * double.Exp2(HousemateBits);
    }

    /// <summary>The same without what another plan told of the patient's number.</summary>
    public ScoredCandidate Plain
    {
        get => field ?? this;
        init;
    }

    public Guid Rank { get; }
    public IReadOnlyList<Observation> Seen { get; }
    public bool Newborn { get; }

    /// <summary>The sum of the comparison, against a stranger.</summary>
    public double Bits { get; }

    /// <summary>The same, had the patient been somebody else of this person's home.</summary>
    public double HousemateBits { get; }

    /// <summary>Weight of "the patient is this person".</summary>
    public double Same { get; }

    /// <summary>Weight of "the patient lives with this person and is not on the register".</summary>
    public double Housemate { get; }

    public bool IsUnlikely => Same < Unlikely && Housemate < Unlikely;

    /// <summary>Which of the candidates' homes; null where nobody else of it is a candidate.</summary>
    public int? Home
    {
        get;
        set
        {
            field = value;
            if (Plain != this)
                Plain.Home = value;
        }
    }

    /// <summary>Weight of everything but "the patient is this person".</summary>
    public double Against { get; set; }

    public double Posterior { get; set; }
    public double? LeadBits { get; set; }
    public IReadOnlyList<ReviewReason> Reasons { get; set; } = [];
    public CandidateOutcome Outcome { get; set; }

    /// <summary>One order, whoever asks: sums of fractions depend on it.</summary>
    public static int NearestFirst(ScoredCandidate left, ScoredCandidate right) =>
        left.Bits != right.Bits ? right.Bits.CompareTo(left.Bits)
        : left.Rank != right.Rank ? left.Rank.CompareTo(right.Rank)
        : left.Newborn.CompareTo(right.Newborn);
}

/// <summary>Which of the three outcomes.</summary>
internal enum CandidateOutcome
{
    Matched,
    NeedsReview,
    NoMatch,
}

/// <summary>Candidates that no answer could name; their weight still counts.</summary>
/// <param name="Same">Together, the weight of "the patient is one of them".</param>
/// <param name="Housemate">Together, the weight of "the patient lives with one of them".</param>
internal sealed record RestOfCandidates(double Same, double Housemate)
{
    public static RestOfCandidates Sum(IEnumerable<ScoredCandidate> unnamed)
    {
        double same = 0,
            housemate = 0;
        foreach (var scored in unnamed)
        {
            same += scored.Same;
            housemate += scored.Housemate;
        }

        return new(same, housemate);
    }
}
