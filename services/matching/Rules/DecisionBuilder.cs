using Safeguarding.Matching.Rules.Comparisons;

namespace Safeguarding.Matching.Rules;

/// <summary>Writes a judgement down as a decision with its evidence.</summary>
internal static class DecisionBuilder
{
    private const double Negligible = 1e-6;
    private const double RivalFloor = 0.001;
    private const int MostRivals = 3;
    private static readonly Comparer<ScoredCandidate> Nearest = Comparer<ScoredCandidate>.Create(
        ScoredCandidate.NearestFirst
    );

    public static Decision Build(JudgedPersons judged, Parameters parameters)
    {
        var (suspects, rowsOf, nobody) = judged;
        var persons = new List<PersonDecision>(suspects.Count);
        foreach (var person in suspects)
        {
            IReadOnlyList<Rival>? rivals = null;
            foreach (var own in rowsOf[person].GroupBy(row => row.Suspect.Standing))
            {
                var nearest = own.MinBy(row => row.Suspect, Nearest)!.Suspect;
                // A crowd of those that could not be told apart from nobody is no evidence for anybody.
                if (nearest.Posterior >= Negligible || nearest.Standing != CandidateOutcome.NoMatch)
                {
                    persons.Add(
                        new(PlansOf(own), Outcome(nearest, rivals ??= RivalsOf(person, suspects, rowsOf), parameters))
                    );
                }
            }
        }

        return new($"{parameters.Version}+{parameters.Population.Version}", persons, nobody);
    }

    public static MatchOutcome Outcome(ScoredCandidate suspect, IReadOnlyList<Rival> rivals, Parameters parameters)
    {
        var prior = parameters.Register;
        var priorBits = Math.Log2(prior.OnRegister / prior.Size);
        var evidence = new Evidence(
            Explain.Traits(suspect.Seen, parameters, priorBits),
            priorBits,
            suspect.Bits,
            suspect.HousemateBits,
            suspect.Posterior,
            suspect.LeadBits,
            rivals,
            suspect.Newborn,
            suspect.Against
        );
        return suspect.Standing switch
        {
            CandidateOutcome.Matched => new MatchOutcome.Matched(evidence),
            CandidateOutcome.NeedsReview => new MatchOutcome.NeedsReview(evidence, suspect.Reasons),
            _ => new MatchOutcome.NoMatch(evidence),
        };
    }

    private static IReadOnlyList<Rival> RivalsOf(
        ScoredCandidate suspect,
        List<ScoredCandidate> suspects,
        Dictionary<ScoredCandidate, List<CandidateRecord>> rowsOf
    ) =>
        [
            .. suspects
                .Where(rival => rival != suspect && rival.Posterior >= RivalFloor)
                .Take(MostRivals)
                .Select(rival => new Rival(rowsOf[rival].Min(row => row.Candidate.PlanId), rival.Posterior)),
        ];

    private static List<PlanOfPerson> PlansOf(IEnumerable<CandidateRecord> rows) =>
        [.. rows.Select(row => row.Plan).OrderBy(plan => plan.PlanId)];
}
