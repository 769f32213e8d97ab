namespace Safeguarding.Matching.Rules;

/// <summary>
/// Shares one unit of probability among all suspects, somebody else of each suspect's home, and a stranger; then finds
/// each suspect's standing. Two near-equal twins both fall to a half by this arithmetic.
/// </summary>
internal static class Posterior
{
    // Estimated on files where nearly everybody is found, the priors would leave no room for a stranger at all.
    private const double LeastStranger = 0.01;

    /// <summary>Judges all suspects and sorts them, most likely first.</summary>
    /// <param name="suspects">The suspects.</param>
    /// <param name="rest">What the candidates too unlikely to name weigh together.</param>
    /// <param name="parameters">The figures.</param>
    /// <returns>Probability that the patient is none of them.</returns>
    public static double All(List<ScoredCandidate> suspects, RestOfCandidates rest, Parameters parameters)
    {
        suspects.Sort(ScoredCandidate.NearestFirst);
        for (var i = 0; i < suspects.Count; i++)
            Weigh(suspects, i, suspects[i], rest, parameters);
        return suspects.Count == 0
            ? 1
            : (Nobody(suspects, 0, suspects[0], rest, parameters) + rest.Same)
                / (suspects[0].Against + suspects[0].Same);
    }

    /// <summary>
    /// Judges one row of a person by its own comparison, beside everybody else, and beside them as they are without the
    /// person's other rows: whose number the patient came with is one of these rows' to say.
    /// </summary>
    /// <param name="suspects">The persons, judged.</param>
    /// <param name="place">Which of them the row is of.</param>
    /// <param name="own">The row's own comparison.</param>
    /// <param name="rest">What the candidates too unlikely to name weigh together.</param>
    /// <param name="parameters">The figures.</param>
    public static void Beside(
        List<ScoredCandidate> suspects,
        int place,
        ScoredCandidate own,
        RestOfCandidates rest,
        Parameters parameters
    )
    {
        var others = suspects.Exists(suspect => suspect.Plain != suspect)
            ? suspects.ConvertAll(suspect => suspect.Plain)
            : suspects;
        Weigh(others, place, own, rest, parameters);
    }

    private static void Weigh(
        List<ScoredCandidate> suspects,
        int place,
        ScoredCandidate own,
        RestOfCandidates rest,
        Parameters parameters
    )
    {
        own.Against = Nobody(suspects, place, own, rest, parameters) + rest.Same;
        for (var other = 0; other < suspects.Count; other++)
            own.Against += other == place ? 0 : suspects[other].Same;
        own.LeadBits = suspects.Count == 1 ? null : own.Bits - NextTo(suspects, place);
        Evaluate(own, parameters);
    }

    private static double NextTo(List<ScoredCandidate> suspects, int place)
    {
        var next = double.NegativeInfinity;
        for (var other = 0; other < suspects.Count; other++)
            next = other == place ? next : Math.Max(next, suspects[other].Bits);
        return next;
    }

    // A stranger, and somebody else of each home.
    private static double Nobody(
        List<ScoredCandidate> suspects,
        int place,
        ScoredCandidate own,
        RestOfCandidates rest,
        Parameters parameters
    )
    {
        var prior = parameters.Register;
        var nobody = Math.Max(1 - prior.OnRegister - prior.Housemate, LeastStranger) + rest.Housemate;
        for (var i = 0; i < suspects.Count; i++)
            nobody += IsFirstOfHome(suspects, i) ? (i == place ? own : suspects[i]).Housemate : 0;
        return nobody;
    }

    /// <summary>Posterior and standing, from what is said for a suspect and what is said against.</summary>
    public static void Evaluate(ScoredCandidate suspect, Parameters parameters)
    {
        suspect.Posterior = suspect.Same / (suspect.Same + suspect.Against);
        var reasons = Vetoes.Of(suspect.Seen, suspect.Newborn);
        if (suspect.Posterior < parameters.Costs.MatchAt)
            reasons.Add(ReviewReason.Uncertain);
        if (suspect.LeadBits < parameters.Margin)
            reasons.Add(ReviewReason.RivalTooClose);

        suspect.Reasons = reasons;
        suspect.Standing =
            reasons.Count == 0 ? CandidateOutcome.Matched
            : suspect.Posterior >= parameters.Costs.ReviewAt || reasons.Contains(ReviewReason.NumberContradicted)
                ? CandidateOutcome.NeedsReview
            : CandidateOutcome.NoMatch;
    }

    // What the patient shares with one child of a home he shares with all of them, whichever of them he is; so a home
    // counts once, by the child that he resembles most, and a brother's better record of the telephone takes nothing
    // from his sister.
    private static bool IsFirstOfHome(List<ScoredCandidate> suspects, int i)
    {
        for (var before = 0; before < i; before++)
        {
            if (suspects[before].Home is { } home && home == suspects[i].Home)
                return false;
        }

        return true;
    }
}
