using Safeguarding.Matching.Rules.Comparisons;
using Safeguarding.Matching.Rules.Model;

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

    public static Decision Build(EvaluatedPersons evaluated, Parameters parameters)
    {
        var (scoredCandidates, rowsOf, nobody) = evaluated;
        var persons = new List<PersonDecision>(scoredCandidates.Count);
        foreach (var person in scoredCandidates)
        {
            IReadOnlyList<Rival>? rivals = null;
            foreach (var own in rowsOf[person].GroupBy(row => row.Scored.Outcome))
            {
                var nearest = own.MinBy(row => row.Scored, Nearest)!.Scored;
                // A crowd of those that could not be told apart from nobody is no evidence for anybody.
                if (nearest.Posterior >= Negligible || nearest.Outcome != CandidateOutcome.NoMatch)
                {
                    persons.Add(
                        new(
                            PlansOf(own),
                            Outcome(nearest, rivals ??= RivalsOf(person, scoredCandidates, rowsOf), parameters)
                        )
                    );
                }
            }
        }

        return new($"{parameters.Version}+{parameters.Population.Version}", persons, nobody);
    }

    public static MatchOutcome Outcome(ScoredCandidate scored, IReadOnlyList<Rival> rivals, Parameters parameters)
    {
        var prior = parameters.Register;
        var priorBits = Math.Log2(prior.OnRegister / prior.Size);
        var evidence = new Evidence(
            Explain.Traits(scored.Seen, parameters, priorBits),
            priorBits,
            scored.Bits,
            scored.HousemateBits,
            scored.Posterior,
            scored.LeadBits,
            rivals,
            scored.Newborn,
            scored.Against
        );
        return scored.Outcome switch
        {
            CandidateOutcome.Matched => new MatchOutcome.Matched(evidence),
            CandidateOutcome.NeedsReview => new MatchOutcome.NeedsReview(evidence, scored.Reasons),
            _ => new MatchOutcome.NoMatch(evidence),
        };
    }

    private static IReadOnlyList<Rival> RivalsOf(
        ScoredCandidate scored,
        List<ScoredCandidate> scoredCandidates,
        Dictionary<ScoredCandidate, List<CandidateRecord>> rowsOf
    ) =>
        [
            .. scoredCandidates
                .Where(rival => rival != scored && rival.Posterior >= RivalFloor)
                .Take(MostRivals)
                .Select(rival => new Rival(rowsOf[rival].Min(row => row.Candidate.PlanId), rival.Posterior)),
        ];

    private static List<PlanOfPerson> PlansOf(IEnumerable<CandidateRecord> rows) =>
        [.. rows.Select(row => row.Plan).OrderBy(plan => plan.PlanId)];
}
