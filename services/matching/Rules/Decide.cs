using Safeguarding.Contracts.Matches;
using Safeguarding.Matching.Rules.Comparisons;

namespace Safeguarding.Matching.Rules;

/// <summary>Decides which person on the register, if any, a patient is.</summary>
public static class Decide
{
    // A candidate below this weight against "nobody" can neither be decided for nor rob another of anything; it is counted, not named.
    private const double Unlikely = 1e-6;

    /// <summary>Decides. The order of the candidates does not matter.</summary>
    public static Decision From(Person patient, IReadOnlyList<Candidate> candidates, Parameters parameters)
    {
        var rows = candidates.OrderBy(candidate => candidate.PlanId)
            .SelectMany(candidate => CandidateRow.Of(patient, candidate, parameters))
            .OrderByDescending(row => row.Suspect.Bits).ToList();
        var named = rows.Where(row => Names(row.Suspect, parameters)).ToList();
        var unnamed = rows.Except(named).ToList();
        var persons = FoldCandidates.IntoPersons(named, unnamed, parameters);
        var rest = new RestOfCandidates(
            unnamed.Count, unnamed.Sum(row => Judge.Same(row.Suspect, parameters.Register)), unnamed.Sum(row => Judge.Home(row.Suspect, parameters.Register)));

        var suspects = persons.Select(person => person[0].Suspect).ToList();
        var nobody = Judge.All(suspects, rest, parameters);
        var plans = persons.ToDictionary(person => person[0].Suspect, person => person.Select(row => row.Plan).OrderBy(plan => plan.PlanId).ToList());
        return Written.Down(suspects, suspect => plans[suspect], rest, nobody, parameters);
    }

    /// <summary>
    /// Decides again from stored evidence alone. With the parameters it was made with, the answer is the same bit for bit; with
    /// others it shows what they would change.
    /// </summary>
    public static Decision Again(Decision stored, Parameters parameters)
    {
        var plans = new Dictionary<Suspect, IReadOnlyList<PlanOfPerson>>();
        foreach (var person in stored.Persons)
        {
            var evidence = person.Outcome.Evidence;
            var seen = evidence.Traits.Select(trait => new Observation(trait.Trait, trait.Level, trait.Frequency)).ToList();
            var (bits, housemate) = Score.Sum(seen, parameters);
            plans.Add(new(evidence.Rank, seen, bits, housemate, evidence.Newborn), person.Plans);
        }

        var suspects = plans.Keys.ToList();
        var nobody = Judge.All(suspects, stored.Rest, parameters);
        return Written.Down(suspects, suspect => plans[suspect], stored.Rest, nobody, parameters);
    }

    private static bool Names(Suspect suspect, Parameters parameters) =>
        Judge.Same(suspect, parameters.Register) >= Unlikely || Judge.Home(suspect, parameters.Register) >= Unlikely
        || Vetoes.Of(suspect.Seen, suspect.Newborn).Contains(ReviewReason.NumberContradicted);
}
