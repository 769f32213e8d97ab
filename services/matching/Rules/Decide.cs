using Safeguarding.Contracts.Matches;
using Safeguarding.Matching.Rules.Comparisons;
using Safeguarding.Matching.Rules.Model;

namespace Safeguarding.Matching.Rules;

/// <summary>Decides which person on the register, if any, a patient is.</summary>
public static class Decide
{
    /// <summary>
    /// Decides, for each council by its own plans alone: what a council is alerted to, asked or shown must neither rest
    /// on another council's child nor give away that there is one. The order of the candidates does not matter.
    /// </summary>
    public static Decision From(Person patient, IReadOnlyList<Candidate> candidates, Parameters parameters)
    {
        var evaluated = Evaluate(patient, candidates, parameters);
        if (evaluated.Count == 0)
            return DecisionBuilder.Build(new([], [], 1), parameters);
        var decisions = evaluated.ConvertAll(own => DecisionBuilder.Build(own, parameters));
        if (decisions is [var only])
            return only;
        var persons = decisions
            .SelectMany(decision => decision.Persons)
            .OrderByDescending(person => person.Outcome.Evidence.Posterior)
            .ThenBy(person => person.Plans[0].PlanId);
        return new(decisions[0].RuleVersion, [.. persons], decisions.Min(decision => decision.NotOnRegister));
    }

    /// <summary>
    /// The same, before it is written down: for each council, every person with each row's own
    /// standing.
    /// </summary>
    internal static List<EvaluatedPersons> Evaluate(
        Person patient,
        IReadOnlyList<Candidate> candidates,
        Parameters parameters
    ) =>
        [
            .. candidates
                .GroupBy(candidate => candidate.CouncilCode, StringComparer.Ordinal)
                .Select(own => OfOneCouncil(patient, [.. own], parameters)),
        ];

    private static EvaluatedPersons OfOneCouncil(
        Person patient,
        IReadOnlyList<Candidate> candidates,
        Parameters parameters
    )
    {
        if (candidates[0].RegisterNames is { } names)
        {
            patient = names.TakenOutOf(patient, parameters.Population);
            candidates =
            [
                .. candidates.Select(candidate =>
                    candidate with
                    {
                        Person = names.TakenOutOf(candidate.Person, parameters.Population),
                    }
                ),
            ];
        }

        List<CandidateRecord> named = [],
            unnamed = [];
        foreach (var row in CandidateRecord.All(patient, candidates, parameters))
            (IsNamed(row.Scored) ? named : unnamed).Add(row);
        var persons = ClusterCandidates.ByPerson(named, unnamed, parameters);

        Households.Find(persons.ConvertAll(person => person[0]));
        // In a file that is no council's, one person stands in several rows.
        if (candidates[0].CouncilCode.Length > 0)
            HomesPhone.Share(persons, parameters);
        var rowsOf = persons.ToDictionary(person => person[0].Scored);
        List<ScoredCandidate> scoredCandidates = [.. rowsOf.Keys];
        var rest = RestOfCandidates.Sum(unnamed.Select(row => row.Scored));
        var nobody = Posterior.All(scoredCandidates, rest, parameters);
        // Each row stands by its own comparison, whatever the person's other rows say.
        for (var i = 0; i < scoredCandidates.Count; i++)
        {
            foreach (var row in rowsOf[scoredCandidates[i]].Skip(1))
                Posterior.Beside(scoredCandidates, i, row.Scored, rest, parameters);
        }

        return new(scoredCandidates, rowsOf, nobody);
    }

    /// <summary>
    /// Decides again from stored evidence alone. With the parameters it was made with, the answer is the same bit for
    /// bit; with others it shows what they would change, the other persons being as they were.
    /// </summary>
    public static MatchOutcome Redecide(MatchOutcome stored, Parameters parameters)
    {
        var evidence = stored.Evidence;
        var seen = evidence.Traits.Select(trait => new Observation(trait.Trait, trait.Level, trait.Frequency)).ToList();
        var scored = new ScoredCandidate(Guid.Empty, seen, evidence.Newborn, parameters)
        {
            Against = evidence.Against,
            LeadBits = evidence.LeadBits,
        };
        Posterior.Evaluate(scored, parameters);
        return DecisionBuilder.Outcome(scored, evidence.Rivals, parameters);
    }

    private static bool IsNamed(ScoredCandidate scored) =>
        !scored.IsUnlikely || (!scored.Newborn && Vetoes.NumberIsContradicted(scored.Seen));
}

/// <summary>One council's candidates, evaluated.</summary>
/// <param name="Persons">Most likely first.</param>
/// <param name="RowsOf">Each person's rows, the nearest first; each stands by its own comparison.</param>
/// <param name="Nobody">Probability that the patient is none of them.</param>
internal sealed record EvaluatedPersons(
    List<ScoredCandidate> Persons,
    Dictionary<ScoredCandidate, List<CandidateRecord>> RowsOf,
    double Nobody
);
