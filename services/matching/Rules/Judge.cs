namespace Safeguarding.Matching.Rules;

/// <summary>
/// Shares one unit of probability among all suspects, somebody else of each suspect's home, and a stranger; then finds each
/// suspect's standing. Two near-equal twins both fall to a half by this arithmetic.
/// </summary>
internal static class Judge
{
    // Estimated on files where nearly everybody is found, the priors would leave no room for a stranger at all.
    private const double LeastStranger = 0.01;

    /// <summary>Judges all suspects and sorts them, most likely first.</summary>
    /// <param name="suspects">The suspects.</param>
    /// <param name="rest">What the candidates too unlikely to name weigh together.</param>
    /// <param name="parameters">The figures.</param>
    /// <returns>Probability that the patient is none of them.</returns>
    public static double All(List<Suspect> suspects, RestOfCandidates rest, Parameters parameters)
    {
        suspects.Sort(Suspect.NearestFirst);
        var prior = parameters.Register;
        var nobody = Math.Max(1 - prior.OnRegister - prior.Housemate, LeastStranger) + rest.Housemate;
        for (var i = 0; i < suspects.Count; i++)
            nobody += IsFirstOfHome(suspects, i) ? suspects[i].Housemate : 0;

        for (var i = 0; i < suspects.Count; i++)
        {
            var suspect = suspects[i];
            suspect.Against = nobody + rest.Same;
            for (var other = 0; other < suspects.Count; other++)
                suspect.Against += other == i ? 0 : suspects[other].Same;
            suspect.LeadBits = suspects.Count == 1 ? null : suspect.Bits - suspects[i == 0 ? 1 : 0].Bits;
            Stand(suspect, parameters);
        }

        return suspects.Count == 0 ? 1 : (nobody + rest.Same) / (suspects[0].Against + suspects[0].Same);
    }

    /// <summary>Posterior and standing, from what is said for a suspect and what is said against.</summary>
    public static void Stand(Suspect suspect, Parameters parameters)
    {
        suspect.Posterior = suspect.Same / (suspect.Same + suspect.Against);
        var reasons = Vetoes.Of(suspect.Seen, suspect.Newborn);
        if (suspect.Posterior < parameters.Costs.MatchAt)
            reasons.Add(ReviewReason.Uncertain);
        if (suspect.LeadBits < parameters.Margin)
            reasons.Add(ReviewReason.RivalTooClose);

        suspect.Reasons = reasons;
        suspect.Standing = reasons.Count == 0 ? Standing.Matched
            : suspect.Posterior >= parameters.Costs.ReviewAt || reasons.Contains(ReviewReason.NumberContradicted) ? Standing.NeedsReview
            : Standing.NoMatch;
    }

    // What the patient shares with one child of a home he shares with all of them, whichever of them he is; so a home counts once, by
    // the child that he resembles most, and a brother's better record of the telephone takes nothing from his sister.
    private static bool IsFirstOfHome(List<Suspect> suspects, int i)
    {
        for (var before = 0; before < i; before++)
        {
            if (suspects[before].Home is { } home && home == suspects[i].Home)
                return false;
        }

        return true;
    }
}
