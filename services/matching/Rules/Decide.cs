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
        var compared = candidates.OrderBy(candidate => candidate.PlanId)
            .SelectMany(candidate => CandidateRow.Of(patient, candidate, parameters)).ToList();
        var withPatientsNumber = compared.FindAll(row => row.HasPatientsNumber);
        var rows = compared.Select(row => row.WithHousematesNumber(withPatientsNumber, parameters))
            .OrderByDescending(row => row.Suspect.Bits).ToLookup(row => Names(row.Suspect, parameters));
        List<CandidateRow> named = [.. rows[true]], unnamed = [.. rows[false]];
        var persons = FoldCandidates.IntoPersons(named, unnamed, parameters);
        var rest = new RestOfCandidates(
            unnamed.Sum(row => Judge.Same(row.Suspect, parameters.Register)), unnamed.Sum(row => Judge.Home(row.Suspect, parameters.Register)));

        var suspects = persons.Select(person => person[0].Suspect).ToList();
        var registered = persons.ToDictionary(person => person[0].Suspect, person => person[0].Candidate.Person);
        Homes.Find(suspects, suspect => registered[suspect]);
        var nobody = Judge.All(suspects, rest, parameters);
        var plans = persons.ToDictionary(person => person[0].Suspect, person => person.Select(row => row.Plan).OrderBy(plan => plan.PlanId).ToList());
        return Written.Down(suspects, plans, nobody, parameters);
    }

    /// <summary>
    /// Decides again from stored evidence alone. With the parameters it was made with, the answer is the same bit for bit; with
    /// others it shows what they would change, the other persons being as they were.
    /// </summary>
    public static MatchOutcome Again(MatchOutcome stored, Parameters parameters)
    {
        var evidence = stored.Evidence;
        var seen = evidence.Traits.Select(trait => new Observation(trait.Trait, trait.Level, trait.Frequency)).ToList();
        var (bits, housemate) = Score.Sum(seen, parameters);
        var suspect = new Suspect(Guid.Empty, seen, bits, housemate, evidence.Newborn) { Against = evidence.Against, LeadBits = evidence.LeadBits };
        Judge.Stand(suspect, parameters);
        return Written.Outcome(suspect, evidence.Rivals, parameters);
    }

    private static bool Names(Suspect suspect, Parameters parameters) =>
        Judge.Same(suspect, parameters.Register) >= Unlikely || Judge.Home(suspect, parameters.Register) >= Unlikely
        || (!suspect.Newborn && Vetoes.NumberIsContradicted(suspect.Seen));
}
