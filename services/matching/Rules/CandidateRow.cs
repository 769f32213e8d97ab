using Safeguarding.Contracts.Matches;
using Safeguarding.Matching.Rules.Comparisons;

namespace Safeguarding.Matching.Rules;

/// <summary>A candidate compared with the patient.</summary>
internal sealed record CandidateRow(Candidate Candidate, PlanOfPerson Plan, Suspect Suspect)
{
    /// <summary>
    /// The candidate as the patient; and, where an unborn plan hangs on the candidate and the patient was born about the expected
    /// date, the patient as her newborn.
    /// </summary>
    public static IEnumerable<CandidateRow> Of(Person patient, Candidate candidate, Parameters parameters)
    {
        var plan = new PlanOfPerson(candidate.PlanId, candidate.CouncilCode, candidate.Role);
        yield return new(candidate, plan, Compared(candidate, Compare.Persons(patient, candidate.Person, parameters), false, parameters));
        if (candidate is not { Role: MatchRole.MotherOfUnborn, ExpectedDate: { } expected }
            || patient.BirthDate is not { } born || !CompareBirthDates.InWindow(born, expected))
            yield break;

        var seen = Compare.NewbornWithMother(patient, candidate.Person, expected, parameters);
        yield return new(candidate, plan with { Role = MatchRole.Child }, Compared(candidate, seen, true, parameters));
    }

    private static Suspect Compared(Candidate candidate, List<Observation> seen, bool newborn, Parameters parameters)
    {
        var (bits, housemate) = Score.Sum(seen, parameters);
        return new(candidate.PlanId, seen, bits, housemate, newborn);
    }
}
