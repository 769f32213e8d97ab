using Safeguarding.Matching.Rules.Model;

namespace Safeguarding.Matching.Rules;

/// <summary>
/// Shares one unit of probability among all candidates, somebody else of each candidate's home, and a stranger; then
/// finds each candidate's standing. Two near-equal twins both fall to a half by this arithmetic.
/// </summary>
internal static class Posterior
{
    // Estimated on files where nearly everybody is found, the priors would leave no room for a stranger at all.
    private const double LeastStranger = 0.01;

    /// <summary>Evaluates all candidates and sorts them, most likely first.</summary>
    /// <param name="scoredCandidates">The candidates.</param>
    /// <param name="rest">What the candidates too unlikely to name weigh together.</param>
    /// <param name="parameters">The figures.</param>
    /// <returns>Probability that the patient is none of them.</returns>
    public static double All(List<ScoredCandidate> scoredCandidates, RestOfCandidates rest, Parameters parameters)
    {
        scoredCandidates.Sort(ScoredCandidate.NearestFirst);
        for (var i = 0; i < scoredCandidates.Count; i++)
            Weigh(scoredCandidates, i, scoredCandidates[i], rest, parameters);
        return scoredCandidates.Count == 0
            ? 1
            : (Nobody(scoredCandidates, 0, scoredCandidates[0], rest, parameters) + rest.Same)
                / (scoredCandidates[0].Against + scoredCandidates[0].Same);
    }

    /// <summary>
    /// Evaluates one row of a person by its own comparison, beside everybody else, and beside them as they are without
    /// the person's other rows: whose number the patient came with is one of these rows' to say.
    /// </summary>
    /// <param name="scoredCandidates">The persons, evaluated.</param>
    /// <param name="place">Which of them the row is of.</param>
    /// <param name="own">The row's own comparison.</param>
    /// <param name="rest">What the candidates too unlikely to name weigh together.</param>
    /// <param name="parameters">The figures.</param>
    public static void Beside(
        List<ScoredCandidate> scoredCandidates,
        int place,
        ScoredCandidate own,
        RestOfCandidates rest,
        Parameters parameters
    )
    {
        var others = scoredCandidates.Exists(scored => scored.Plain != scored)
            ? scoredCandidates.ConvertAll(scored => scored.Plain)
            : scoredCandidates;
        Weigh(others, place, own, rest, parameters);
    }

    private static void Weigh(
        List<ScoredCandidate> scoredCandidates,
        int place,
        ScoredCandidate own,
        RestOfCandidates rest,
        Parameters parameters
    )
    {
        own.Against = Nobody(scoredCandidates, place, own, rest, parameters) + rest.Same;
        for (var other = 0; other < scoredCandidates.Count; other++)
            own.Against += other == place ? 0 : scoredCandidates[other].Same;
        own.LeadBits = scoredCandidates.Count == 1 ? null : own.Bits - NextTo(scoredCandidates, place);
        Evaluate(own, parameters);
    }

    private static double NextTo(List<ScoredCandidate> scoredCandidates, int place)
    {
        var next = double.NegativeInfinity;
        for (var other = 0; other < scoredCandidates.Count; other++)
            next = other == place ? next : Math.Max(next, scoredCandidates[other].Bits);
        return next;
    }

    // A stranger, and somebody else of each home.
    private static double Nobody(
        List<ScoredCandidate> scoredCandidates,
        int place,
        ScoredCandidate own,
        RestOfCandidates rest,
        Parameters parameters
    )
    {
        var prior = parameters.Register;
        var nobody = Math.Max(1 - prior.OnRegister - prior.Housemate, LeastStranger) + rest.Housemate;
        for (var i = 0; i < scoredCandidates.Count; i++)
            nobody += IsFirstOfHome(scoredCandidates, i) ? (i == place ? own : scoredCandidates[i]).Housemate : 0;
        return nobody;
    }

    /// <summary>Posterior and standing, from what is said for a candidate and what is said against.</summary>
    public static void Evaluate(ScoredCandidate scored, Parameters parameters)
    {
        scored.Posterior = scored.Same / (scored.Same + scored.Against);
        var reasons = Vetoes.Find(scored.Seen, scored.Newborn);
        if (scored.Posterior < parameters.Costs.MatchAt)
            reasons.Add(ReviewReason.Uncertain);
        if (scored.LeadBits < parameters.Margin)
            reasons.Add(ReviewReason.RivalTooClose);

        scored.Reasons = reasons;
        scored.Outcome =
            reasons.Count == 0 ? CandidateOutcome.Matched
            : scored.Posterior >= parameters.Costs.ReviewAt || reasons.Contains(ReviewReason.NumberContradicted)
                ? CandidateOutcome.NeedsReview
            : CandidateOutcome.NoMatch;
    }

    // What the patient shares with one child of a home is shared with all of them, whoever attends; so a home
    // counts once, by the child whom the patient resembles most, and a brother's better record of the telephone takes
    // nothing from his sister.
    private static bool IsFirstOfHome(List<ScoredCandidate> scoredCandidates, int i)
    {
        for (var before = 0; before < i; before++)
        {
            if (scoredCandidates[before].Home is { } home && home == scoredCandidates[i].Home)
                return false;
        }

        return true;
    }
}
